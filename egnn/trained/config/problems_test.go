package config

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// All that is wrong is told at once, in the order of the lines, each by its place, its
// key and what was expected.
func TestAllProblemsAtOnce(t *testing.T) {
	_, err := Parse("sede = 3\nname = \"a b\"\n\n[train]   # a comment\nlr = -1\nsteps = \"many\"\nbatch = 1.5\n decay = \"slow\"\n"+
		"[data]\nsource = \"\"\n[sampel]\nnumber = 1\n[network]\nhiden = 3\nlayers = 0\nattention = 1\n", "my.toml")
	want := `my.toml:1: sede: unknown key; the nearest known one is "seed"
my.toml:2: name: expected a word of letters, digits, - _ + and . to name a folder and molecules, found "a b"
my.toml:5: train.lr: expected a positive number, found -1
my.toml:6: train.steps: expected a whole number, found "many"
my.toml:7: train.batch: expected a whole number, found 1.5
my.toml:8: train.decay: expected one of cosine, constant, found "slow"
my.toml:10: data.source: expected "builtin" or a path, found none
my.toml:11: sampel: unknown key; the nearest known one is "sample"
my.toml:14: network.hiden: unknown key; the nearest known one is "network.hidden"
my.toml:15: network.layers: expected 1 to 1024, found 0
my.toml:16: network.attention: expected true or false, found 1`
	if fmt.Sprint(err) != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	all := new(Problems)
	if !errors.As(err, &all) || len(all.List) != 11 || all.File != "my.toml" {
		t.Errorf("%+v", all)
	}
	c := Default()
	c.Train.LR, c.Sample.Steps = 0, -1
	if err := c.Check(); fmt.Sprint(err) != "train.lr: expected a positive number, found 0\nsample.steps: expected 1 to 1048576, found -1" {
		t.Errorf("%v", err)
	}
	for text, want := range map[string]string{
		"train = 5":                    "x.toml:1: train: expected a section [train], found 5",
		"train.lr = -1":                "x.toml:1: train.lr: expected",
		"\ntrain = {lr = -1, ema = 2}": "x.toml:2: train.lr: expected a positive number, found -1\nx.toml:2: train.ema: expected",
		"[train]\n\"lr\" = -1":         "x.toml:2: train.lr: expected",
		"[train]\nlr = 1\nlr = 2":      "x.toml:3: train.lr: no TOML",
		"[[train]]\nlr = 1":            "x.toml:1: train: expected a section [train]",
	} {
		if _, err := Parse(text, "x.toml"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

// A flag sets what a file could, and needs no quotes.
func TestSet(t *testing.T) {
	c := Default()
	for _, kv := range [][2]string{{"train.lr", "3e-3"}, {"train.steps", "7"}, {"sample.solver", "euler"}, {"data.source", "a b.xyz"}, {"name", "\"x\""}, {"eot.mode", "none"}, {"network.tanh", "false"}, {"seed", "4"}, {"path.h", "vp-linear(12)"}} {
		if err := c.Set(kv[0], kv[1]); err != nil {
			t.Error(err)
		}
	}
	if c.Train.LR != 3e-3 || c.Train.Steps != 7 || c.Sample.Solver.String() != "euler" || c.Data.Source != "a b.xyz" || c.Name != "x" || c.Network.Tanh || c.Seed != 4 || c.Path.H != "vp-linear(12)" || c.Check() != nil {
		t.Errorf("%v", c)
	}
	for kv, want := range map[[2]string]string{
		{"train.lr", "fast"}:          `train.lr: expected a number, found "fast"`,
		{"lr", "1"}:                   `lr: unknown key; the nearest known one is "train.lr"`,
		{"train", "1"}:                `train: expected a section [train], found 1`,
		{"train.lr", "1\nseed = 2"}:   `train.lr: expected a value on one line`,
		{"train.lr.x", "1"}:           `train.lr: expected a number`,
		{"", "1"}:                     `unknown key`,
		{"network.hidden", "1 # 2"}:   "",
		{"sample.solver", "rk5"}:      `sample.solver: expected one of euler`,
		{"train.log_every", "999999"}: "",
	} {
		if err := c.Set(kv[0], kv[1]); want != "" && (err == nil || !strings.Contains(err.Error(), want)) || want == "" && err != nil {
			t.Errorf("%q: error %v, want %q", kv, err, want)
		}
	}
}

// What would take all memory to read, or fill the screen to tell, does neither.
func TestFaultHostileConfiguration(t *testing.T) {
	for name, text := range map[string]string{
		"nested":   "a = " + strings.Repeat("[", 5_000_000),
		"closed":   "a = " + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000),
		"tables":   strings.Repeat("[a.a.a.a.a.a.a.a.a]\n", 10_000),
		"deep key": strings.Repeat("a.", 30_000) + "a = 1",
		"inline":   "a = {" + strings.Repeat("a.", 30_000) + "a = 1}",
		"a number": "seed = " + strings.Repeat("9", 60_000),
		"a float":  "[train]\nlr = 1" + strings.Repeat("0", 60_000) + ".0",
		"a word":   "name = \"" + strings.Repeat("x ", 30_000) + "\"",
		"base":     "base = \"" + strings.Repeat("x", 60_000) + "\"",
	} {
		if _, err := Parse(text, "x.toml"); err == nil || !strings.HasPrefix(err.Error(), "x.toml:") || len(err.Error()) > 2000 {
			t.Errorf("%s: error of %d bytes: %.300s", name, len(fmt.Sprint(err)), fmt.Sprint(err))
		}
	}
}

// A text is a configuration that its own TOML gives again, or an error that names the file.
func FuzzParse(f *testing.F) {
	for _, name := range Presets() {
		text, _ := preset(name)
		f.Add(text)
	}
	f.Add("base = \"tiny\"\n[path]\nangle = 1")
	f.Add("[[a]]\nx = {y = [1, \"\\u0000\"]}")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse(text, "f.toml")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f.toml:") {
				t.Errorf("%q: error %v", text, err)
			}
			return
		}
		if again, err := Parse(c.String(), "again"); utf8.ValidString(text) && (err != nil || again != c) {
			t.Errorf("%q: %v became %v, error %v", text, c, again, err)
		}
	})
}
