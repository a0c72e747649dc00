package experiment

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"equifm/cmd/internal/exit"

	"github.com/BurntSushi/toml"
)

// File is an experiment as its author wrote it. Configurations in it have the keys
// of a configuration's file, with dots: train.steps = 1000.
type File struct {
	Name      string   `toml:"-"`         // the file's, without .toml
	Title     string   `toml:"title"`     //
	Question  string   `toml:"question"`  //
	Preset    string   `toml:"preset"`    // that configurations start from; tiny
	Seeds     []uint64 `toml:"seeds"`     // of every arm
	Reference string   `toml:"reference"` // the arm that others are compared with; the first
	Chain     bool     `toml:"chain"`     // compare each arm with the one before it instead
	Figures   []string `toml:"figures"`   // of the table; the first decides
	EqualTime bool     `toml:"equal_time"`
	Measure   Measure  `toml:"measure"`
	Base      Keys     `toml:"base"`  // of all arms, over the preset
	Quick     Keys     `toml:"quick"` // over the base in the quick mode
	Long      Keys     `toml:"long"`  // and in the long one
	Arms      []Keys   `toml:"arm"`   // armKeys, and the keys that an arm changes
	Halving   Halving  `toml:"halving"`
	Oracle    Oracle   `toml:"oracle"`
	Earlier   []Trial  `toml:"earlier"`

	text  string
	lines map[string]int
}

// Keys are settings by section and key, as TOML has them.
type Keys = map[string]any

// Measure says what is measured beside a sample and the held-out loss.
type Measure struct {
	NFE          []int     `toml:"nfe"`          // quality by evaluations of the network, deterministic by Euler's method
	Noise        bool      `toml:"noise"`        // and by the arm's own solver where that has noise
	Number       int       `toml:"number"`       // molecules of each such sample; 96
	From         []float64 `toml:"from"`         // times to start at from the true state
	Straightness bool      `toml:"straightness"` //
	Alignment    []int     `toml:"alignment"`    // sizes whose transport is timed
	Information  []float64 `toml:"information"`  // falling times at which it is told how much states tell of the data
	Estimators   int       `toml:"estimators"`   // trials of estimators of that where it is known
	Correlate    []string  `toml:"correlate"`    // figures, the first of which is to go with the others over arms
	Evaluation   []int     `toml:"evaluation"`   // sizes whose evaluation by the network is timed
	Sizes        []int     `toml:"sizes"`        // numbers of atoms that molecules are sampled of, as many of each as Number
	Training     []int     `toml:"training"`     // sizes whose training step is measured, on built molecules
}

// armKeys are an arm's that are no configuration's: its name, a line about it, which arm
// it is compared with, the file's reference unless said, and its own measure.sizes.
var armKeys = []string{"name", "what", "against", "sizes"}

//go:embed files/*.toml
var embedded embed.FS

// Names lists the experiments that are part of the program.
func Names() (names []string) {
	entries, _ := fs.ReadDir(embedded, "files") // embedded: cannot fail
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".toml"))
	}
	return names
}

// Load reads an experiment: one of Names, or a file.
func Load(name string) (*File, error) {
	if slices.Contains(Names(), name) {
		text, err := embedded.ReadFile(path.Join("files", name+".toml"))
		if err != nil {
			return nil, err
		}
		return Parse(string(text), name+".toml")
	}
	text, err := os.ReadFile(name)
	if os.IsNotExist(err) && !strings.ContainsAny(name, `./\`) {
		return nil, exit.Usage{Err: fmt.Errorf("no experiment and no file is named %q; experiments: %s", name, strings.Join(Names(), ", "))}
	}
	if err != nil {
		return nil, err
	}
	return Parse(string(text), name)
}

// Parse reads the text of a file. Errors, all at once, name it, the line, the key and what was
// expected; every arm's configuration has been checked in both modes.
func Parse(text, name string) (*File, error) {
	f := &File{Name: strings.TrimSuffix(filepath.Base(name), ".toml"), Preset: "tiny", text: text, lines: lines(text)}
	f.Measure.Number, f.Oracle.Number = 96, 256
	meta, err := toml.Decode(text, f)
	if err != nil {
		return nil, exit.Usage{Err: fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "toml: "))}
	}
	wrong := f.checkKeys(meta)
	known := len(wrong) == 0
	wrong = append(wrong, f.check()...)
	for _, mode := range []Mode{{}, {Data: "builtin"}} {
		for i := range f.Arms {
			if _, err := f.configuration(i, mode); err != nil && known { // else it tells the same again
				wrong = append(wrong, err)
			}
		}
	}
	if err := all(wrong, name); err != nil {
		return nil, err
	}
	return f, nil
}

// ofArm is what differs where something is wrong with several arms alike.
var ofArm = regexp.MustCompile(`: arm [^:]*: `)

// all makes one error of several, a line each behind the file's name, each once, in the
// order of the file.
func all(wrong []error, name string) error {
	var lines []string
	said := map[string]bool{}
	for _, err := range wrong {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			if once := ofArm.ReplaceAllString(line, ""); !said[once] {
				said[once] = true
				lines = append(lines, name+": "+line)
			}
		}
	}
	if len(lines) == 0 {
		return nil
	}
	at := func(line string) (n int) {
		fmt.Sscanf(strings.TrimPrefix(line, name+": "), "line %d:", &n) // 0 of one that has none
		return n
	}
	slices.SortStableFunc(lines, func(a, b string) int { return at(a) - at(b) })
	return exit.Usage{Err: errors.New(strings.Join(lines, "\n"))}
}

// Text returns the file as it was read.
func (f *File) Text() string { return f.text }

// lines finds the line of every key of a TOML text, by its dotted name; those of the
// third arm begin with arm[2]. The decoder does not tell.
func lines(text string) map[string]int {
	at := map[string]int{}
	prefix, tables, quoted := "", map[string]int{}, false
	for i, line := range strings.Split(text, "\n") {
		begins := !quoted
		if strings.Count(line, `"""`)%2 == 1 {
			quoted = !quoted
		}
		line = strings.TrimSpace(line)
		if !begins || line == "" || line[0] == '#' {
			continue
		}
		if name, ok := header(line, "[[", "]]"); ok {
			prefix = fmt.Sprintf("%s[%d].", name, tables[name])
			tables[name]++
			at[strings.TrimSuffix(prefix, ".")] = i + 1
		} else if name, ok := header(line, "[", "]"); ok {
			prefix = name + "."
			at[name] = i + 1
		} else if key, _, ok := strings.Cut(line, "="); ok {
			at[prefix+strings.ReplaceAll(strings.TrimSpace(key), " ", "")] = i + 1
		}
	}
	return at
}

// header reads the name of a table's line, whatever comment follows.
func header(line, open, end string) (name string, ok bool) {
	rest, ok := strings.CutPrefix(line, open)
	if !ok {
		return "", false
	}
	name, _, ok = strings.Cut(rest, end)
	return strings.TrimSpace(name), ok
}
