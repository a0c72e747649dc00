package usage

import (
	"flag"
	"fmt"
	"slices"
)

// Said are the flags that a command line has, by name. A switch that is turned off, as by
// -json=false, is none of them: that is how things are without it.
type Said map[string]bool

// Read returns the flags that were given, and an error for one whose value is no text at
// all, which "$unset" in a script comes to and nothing can be meant by.
func Read(f *flag.FlagSet) (said Said, err error) {
	said = Said{}
	f.Visit(func(g *flag.Flag) {
		var value any
		if v, ok := g.Value.(flag.Getter); ok {
			value = v.Get()
		}
		if value == "" && err == nil {
			_, text := flag.UnquoteUsage(g)
			err = fmt.Errorf("-%s \"\", expected a value: %s", g.Name, text)
		}
		said[g.Name] = value != false
	})
	return said, err
}

// Idle are flags that change nothing where something is so.
type Idle struct {
	Flags []string
	If    bool
	Where string // in words: without -likelihood
}

// Check returns an error for the first flag that was given and changes nothing: whoever gives
// it expects that it does.
func (s Said) Check(rules ...Idle) error {
	for _, r := range rules {
		for _, name := range r.Flags {
			if r.If && s[name] {
				return fmt.Errorf("-%s changes nothing %s", name, r.Where)
			}
		}
	}
	return nil
}

// Others are the names of all flags but these.
func Others(f *flag.FlagSet, but ...string) (names []string) {
	f.VisitAll(func(g *flag.Flag) {
		if !slices.Contains(but, g.Name) {
			names = append(names, g.Name)
		}
	})
	return names
}
