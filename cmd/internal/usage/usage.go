// Package usage prints what a command is for and what its flags mean: in groups, each with
// examples, which tests run.
package usage

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Page is the help of a command.
type Page struct {
	Command string // as it is typed: train, or experiment diagnose
	What    string // it does, in a sentence
	Args    string // behind the flags; "" for none
	Groups  []Group
}

// Group is flags that belong together.
type Group struct {
	Title    string
	Flags    []string
	Examples []string // what follows the command, and behind # what that does
}

// On has a set of flags print the page to w where it is asked for help.
func (p Page) On(f *flag.FlagSet, w io.Writer) {
	f.SetOutput(w)
	f.Usage = func() { p.Print(w, f) }
}

// Print writes the page.
func (p Page) Print(w io.Writer, f *flag.FlagSet) {
	fmt.Fprintf(w, "%s\n\nusage: %s\n", p.What, strings.TrimSpace("go run ./cmd/"+p.Command+" [flags] "+p.Args))
	for _, g := range p.Groups {
		fmt.Fprintf(w, "\n%s\n", g.Title)
		for _, name := range g.Flags {
			printFlag(w, f.Lookup(name))
		}
		for _, e := range g.Examples {
			fmt.Fprintf(w, "    go run ./cmd/%s %s\n", p.Command, e)
		}
	}
}

// width is that of a line of text, in columns.
const width = 96

func printFlag(w io.Writer, f *flag.Flag) {
	kind, text := flag.UnquoteUsage(f)
	if !strings.Contains(text, "(default") && !slices.Contains([]string{"", "0", "false"}, f.DefValue) {
		text += fmt.Sprintf(" (default %s)", f.DefValue)
	}
	fmt.Fprintln(w, strings.TrimRight("  -"+f.Name+" "+kind, " "))
	line := "       "
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > width {
			fmt.Fprintln(w, line)
			line = "       "
		}
		line += " " + word
	}
	fmt.Fprintln(w, line)
}

// Problems lists what is wrong with a page of a set of flags: a flag in no group or in two,
// one that does not exist, a group without an example, one whose examples show none of it.
func (p Page) Problems(f *flag.FlagSet) (problems []string) {
	count := map[string]int{}
	for _, g := range p.Groups {
		shown := false
		for _, name := range g.Flags {
			if count[name]++; f.Lookup(name) == nil {
				problems = append(problems, fmt.Sprintf("%s: no flag -%s", g.Title, name))
			}
			shown = shown || slices.ContainsFunc(g.Examples, func(e string) bool { return strings.Contains(" "+e+" ", " -"+name+" ") })
		}
		if !shown && len(g.Flags) > 0 || len(g.Examples) == 0 {
			problems = append(problems, g.Title+": no example of its flags")
		}
	}
	f.VisitAll(func(f *flag.Flag) {
		if count[f.Name] != 1 {
			problems = append(problems, fmt.Sprintf("-%s is in %d groups, expected 1", f.Name, count[f.Name]))
		}
	})
	return problems
}

// Examples are the arguments of all examples, without the files that the standard input and
// output are.
func (p Page) Examples() (all [][]string) {
	for _, g := range p.Groups {
		for _, e := range g.Examples {
			if end := strings.IndexAny(e, "#<>"); end >= 0 {
				e = e[:end]
			}
			all = append(all, strings.Fields(e))
		}
	}
	return all
}
