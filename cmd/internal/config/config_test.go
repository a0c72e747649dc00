package config

import (
	"slices"
	"strings"
	"testing"
)

// What String writes, Parse reads as the same configuration; every preset parses.
func TestPresetsRoundTrip(t *testing.T) {
	for _, name := range Presets() {
		c, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if c.Name != name {
			t.Errorf("preset %s is named %q", name, c.Name)
		}
		again, err := Parse(c.String(), "again")
		if err != nil || again != c {
			t.Errorf("%s: %+v became %+v, error %v", name, c, again, err)
		}
	}
}

// What changes a step is told, what does not is not.
func TestDiff(t *testing.T) {
	a, err := Load("tiny")
	if err != nil {
		t.Fatal(err)
	}
	b := a
	b.Name, b.Train.Steps, b.Sample.Solver = "other", 7, "rk4"
	if got := Diff(a, b); got != nil {
		t.Errorf("harmless changes are told: %q", got)
	}
	b.Seed, b.Train.Batch, b.EOT.Mode = 9, 32, "none"
	want := []string{"seed: 1 → 9", "eot.mode: both → none", "train.batch: 16 → 32"}
	if got := Diff(a, b); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A key left out takes tiny's value.
func TestDefaultsAreTinys(t *testing.T) {
	tiny, err := Load("tiny")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Parse("", "empty")
	if err != nil || c != tiny {
		t.Errorf("%+v, error %v", c, err)
	}
}

func TestNearestKey(t *testing.T) {
	for text, want := range map[string]string{
		"[network]\nhiden = 3":       `line 2: unknown key "network.hiden"; the nearest known one is "network.hidden"`,
		"seeds = 3":                  `line 1: unknown key "seeds"; the nearest known one is "seed"`,
		"[network]\nHidden = 3":      `line 2: unknown key "network.Hidden"; the nearest known one is "network.hidden"`,
		"[network]\nfeatures = 3":    `line 2: unknown key "network.features"`,
		"[sampl]\nnumber = 3":        `the nearest known one is "sample`,
		"[train]\nlr = 1\nema_ = .5": "line 3", // a syntax error, from the parser
	} {
		if _, err := Parse(text, "x.toml"); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "x.toml: ") {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}

// Values that would end in a panic, in numbers that are not finite, or in files
// that cannot be read again are refused before anything is computed.
func TestExtremesAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"seed = -1":                               "seed = 18446744073709551615, expected 0 to",
		"name = \"a\\rb\"":                        `name = "a\rb", expected a word`,
		"name = \"$$$$\"":                         `expected a word`,
		"name = \"..\"":                           `expected a word`,
		"[train]\nbatch = 9223372036854775807":    "train.batch = ",
		"[train]\nsteps = 9223372036854775807":    "train.steps = ",
		"[train]\nlr = inf":                       "train.lr = +Inf, expected a positive number",
		"[train]\nlr = nan":                       "train.lr = NaN, expected a positive number",
		"[path]\nangle = inf":                     "path.angle = +Inf",
		"[sample]\nsteps = 9223372036854775807":   "sample.steps = ",
		"[sample]\nnumber = 9223372036854775807":  "sample.number = ",
		"[sample]\nrtol = inf":                    "sample.rtol = +Inf",
		"[network]\ncoords_range = inf":           "coords_range = +Inf",
		"[network]\nnormalization_factor = inf":   "normalization_factor = +Inf",
		"[network]\nhidden = 9223372036854775807": "hidden = 9223372036854775807, expected 1 to",
	} {
		if _, err := Parse(text, "x.toml"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}
