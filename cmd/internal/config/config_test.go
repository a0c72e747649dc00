package config

import (
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
		"[sampl]\nnumber = 3":        `the nearest known one is "sample`,
		"[train]\nlr = 1\nema_ = .5": "line 3", // a syntax error, from the parser
	} {
		if _, err := Parse(text, "x.toml"); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "x.toml: ") {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}
