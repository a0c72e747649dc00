package run

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"equifm/cmd/internal/checkpoint"
	"equifm/cmd/internal/exit"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
)

// Request is what a command is told: which configuration, and where it runs.
type Request struct {
	Config       string // a preset or a file; "" for tiny, or what is resumed
	Out          string // the run's folder; "" for runs/NAME
	Resume       bool
	AllowChanges bool // goes on with settings or data that are not those of the steps so far
	DryRun       bool // nothing will be written
	Seed         uint64
	Seeded       bool // Seed takes the place of the configuration's

	Set  []string // key=value, in the place of the configuration's
	Data string   // in the place of data.source, its elements as it has them; "" for the configuration's

	From     string // a model whose weights a new run starts at; or, with Cooldown, the run that it goes on from
	Cooldown int    // steps that it takes from there, over which the learning rate falls to 0
}

// Place decides on the configuration and the run's folder. A folder with a
// checkpoint in it is never written over. Without -out the run goes beside any
// that has begun, for that one may be running still.
// A run that goes on without -config has the configuration of its checkpoint; a
// cool-down has that of the run it starts from. What is old in a configuration's
// file is said on w.
func (q Request) Place(w io.Writer) (c config.Config, out string, err error) {
	c, notes, err := q.configuration()
	if err != nil {
		return c, "", err
	}
	for _, note := range notes {
		fmt.Fprintln(w, "note:", note)
	}
	if q.Resume && q.Config == "" && q.Out == "" && q.From == "" {
		q.Out = filepath.Join("runs", "tiny")
	}
	if c, err = q.set(c); err != nil {
		return c, "", err
	}
	out, err = q.folder(c)
	return c, out, err
}

// set puts the values of flags into a configuration, and finds all that is wrong with them.
func (q Request) set(c config.Config) (config.Config, error) {
	var wrong []error
	for _, kv := range q.Set {
		key, value, ok := strings.Cut(kv, "=")
		if !ok {
			wrong = append(wrong, fmt.Errorf("-set %s: expected key=value, as -set train.lr=1e-3", kv))
			continue
		}
		if err := c.Set(strings.TrimSpace(key), strings.TrimSpace(value)); err != nil {
			wrong = append(wrong, fmt.Errorf("-set %s: %w", kv, err))
		}
	}
	if q.Seeded {
		c.Seed = q.Seed
	}
	if err := c.Check(); len(wrong) == 0 && err != nil {
		wrong = append(wrong, fmt.Errorf("-set or -seed: %w", err))
	}
	if len(wrong) > 0 {
		return c, exit.Usage{Err: errors.Join(wrong...)}
	}
	return c, nil
}

// configuration reads what the run is to do.
func (q Request) configuration() (c config.Config, notes []string, err error) {
	switch {
	case q.Cooldown != 0:
		c, err = q.cooldown()
		return c, nil, err
	case q.From != "" && q.Resume:
		return c, nil, exit.Usage{Err: errors.New("-from says where a new run starts, -resume goes on with one that has: expected one of them")}
	case q.Data != "" && q.Resume:
		return c, nil, exit.Usage{Err: errors.New("-data says what a new run learns from, -resume goes on with one that has: expected one of them")}
	case q.From != "" && q.Config == "" && q.Data == "":
		return c, nil, exit.Usage{Err: errors.New("-from names the model that a new run starts at: it needs -data or -config, for what the run learns, or -cooldown")}
	case q.From != "" && q.Config == "":
		c, err = q.tuned()
		return c, nil, err
	}
	name := q.Config
	if name == "" {
		name = "tiny"
		if dir := cmp.Or(q.Out, filepath.Join("runs", name)); q.Resume && hasCheckpoint(dir) {
			return resumed(dir)
		}
	}
	if c, notes, err = config.Load(name); err != nil {
		return c, notes, err
	}
	if q.From != "" {
		m, err := trained.Open(q.From)
		if err != nil {
			return c, nil, err
		}
		c.From = learned(m)
	}
	if q.Data == "" {
		return c, notes, nil
	}
	c.Data.Source = q.Data
	if q.Config == "" || slices.Contains(config.Presets(), q.Config) { // a file says what it knows
		c.Name, c.Data.Vocabulary, c.Network.NormFactor = nameOf(q.Data), config.Auto, 0
	}
	return c, notes, c.Check()
}

// tuned returns the configuration by which the model that From names learns from Data.
func (q Request) tuned() (c config.Config, err error) {
	m, err := trained.Open(q.From)
	if err != nil {
		return c, err
	}
	c = m.Config.Tuned(q.Data)
	c.Name, c.From = nameOf(q.Data), learned(m)
	return c, c.Check()
}

// learned is what a model has learned by.
func learned(m *trained.Model) config.Learned {
	_, most := m.Sizes.Range()
	return config.Learned{NormFactor: m.Config.Network.NormFactor, Atoms: most}
}

// nameOf names a run by its data.
func nameOf(path string) string {
	name, _, _ := strings.Cut(filepath.Base(filepath.Clean(path)), ".")
	name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, name)
	return cmp.Or(strings.Trim(name, "-"), "mine")
}

// resumed returns the configuration of the checkpoint in a run's folder. The file beside
// it is for people; where it says something else now, the notes tell how to have that.
func resumed(dir string) (c config.Config, notes []string, err error) {
	if c, err = checkpoint.Config(dir); err != nil {
		return c, nil, err
	}
	path := filepath.Join(dir, "config.toml")
	if file, _, err := config.Load(path); file != c && !errors.Is(err, fs.ErrNotExist) {
		notes = append(notes, fmt.Sprintf("%s is not what the checkpoint was trained with, which goes on; -config %s would take it", path, Quoted(path)))
	}
	return c, notes, nil
}

// cooldown returns the configuration of the run that From names, for Cooldown
// steps more.
func (q Request) cooldown() (c config.Config, err error) {
	if q.From == "" || q.Cooldown < 1 || q.Resume || q.Config != "" || q.Data != "" {
		return c, exit.Usage{Err: errors.New("-cooldown goes on for so many steps, 1 or more, from the run that -from names, by its configuration: without -resume, -config and -data")}
	}
	m, err := trained.Open(q.From)
	if err != nil {
		return c, err
	}
	c = m.Config
	c.Name += "-cooled"
	c.Train.Steps, c.Train.Cooldown = m.Step+q.Cooldown, q.Cooldown
	return c, c.Check()
}

// folder decides on the run's folder.
func (q Request) folder(c config.Config) (out string, err error) {
	out = q.Out
	if out == "" {
		out = filepath.Join("runs", c.Name)
		for k := 2; !q.Resume && taken(out); k++ {
			out = filepath.Join("runs", fmt.Sprintf("%s-%d", c.Name, k))
		}
	}
	switch {
	case q.DryRun:
	case q.Resume && !hasCheckpoint(out):
		return "", fmt.Errorf("%s: no %s to resume from", out, trained.Checkpoint)
	case !q.Resume && hasCheckpoint(out):
		return "", fmt.Errorf("%s holds a run already: -resume goes on with it, another -out starts anew", out)
	}
	return out, nil
}

// hasCheckpoint says whether there is something in a folder to resume from.
func hasCheckpoint(dir string) bool {
	path := filepath.Join(dir, trained.Checkpoint)
	_, err := os.Stat(path)
	_, errPrevious := os.Stat(trained.Previous(path))
	return err == nil || errPrevious == nil
}

// taken says whether a run has begun in a folder.
func taken(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "log.jsonl"))
	return err == nil || hasCheckpoint(dir)
}

// Quoted spells a word so that a shell reads it as one, whatever is in it.
func Quoted(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("%+,-./:=@_", r)
	}
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return !plain(r) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
