package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
)

// What String writes, Parse reads as the same configuration; every preset parses.
func TestPresetsRoundTrip(t *testing.T) {
	for _, name := range Presets() {
		c, notes, err := Load(name)
		if err != nil || notes != nil {
			t.Fatalf("notes %q, error %v", notes, err)
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
	a, _, err := Load("tiny")
	if err != nil {
		t.Fatal(err)
	}
	b := a
	b.Name, b.Train.Steps, b.Sample.Solver = "other", 7, flow.RK4
	if got := Diff(a, b); got != nil {
		t.Errorf("harmless changes are told: %q", got)
	}
	b.Seed, b.Train.Batch, b.EOT.Mode = 9, 64, eot.Both
	want := []string{"seed: 1 → 9", "eot.mode: none → both", "train.batch: 32 → 64"}
	if got := Diff(a, b); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A key left out takes the published value, whatever a preset has; base takes a
// preset's.
func TestDefaultsArePublished(t *testing.T) {
	if c, err := Parse("", "empty"); err != nil || c != Default() {
		t.Errorf("%+v, error %v", c, err)
	}
	small, _, err := Load("qm9-small")
	if err != nil {
		t.Fatal(err)
	}
	c, err := Parse("base = \"qm9-small\"\nseed = 5\n[train]\nlr = 0.5\n", "based")
	small.Seed, small.Train.LR = 5, 0.5
	if err != nil || c != small {
		t.Errorf("%+v, error %v", c, err)
	}
	for text, want := range map[string]string{
		"base = \"qm8\"": `x.toml:1: base: expected one of tiny, qm9-small, fine-tune, given, geom-drugs, qm9, qm9-property, edm, edm-tiny, ve-tiny, found "qm8"`,
		"base = 5":       "x.toml:1: base: expected one of",
	} {
		if _, err := Parse(text, "x.toml"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}

// A file without a key is not taken for the published setting.
func TestFilesWithoutAKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mine.toml")
	for text, want := range map[string]string{
		"":                                    path + ": expected a key, found none: base = \"tiny\" takes all of a preset's (tiny, qm9-small",
		"\ufeff# base = \"tiny\"\r\n\n \t#\n": path + ": expected a key, found none",
		"name = \"mine\"":                     "",
		"# by preset\nbase = \"tiny\"":        "",
	} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		_, _, err := Load(path)
		if (err == nil) != (want == "") || err != nil && !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

// qm9 is EquiFM's published setting, key by key.
func TestQM9IsPinned(t *testing.T) {
	c, _, err := Load("qm9")
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/qm9.toml")
	if err != nil {
		t.Fatal(err)
	}
	if got := c.String(); got != string(want) {
		t.Errorf("qm9 is now\n%s", got)
	}
	if n := c.Shape().Parameters(); n != 5_339_920 {
		t.Errorf("%d parameters, expected the published 5,339,920", n)
	}
}

// The arms that the flow is held against are pinned: edm to the published setting, the
// small ones to tiny, but for path, output, loss, law of t and sampler.
func TestRivalsArePinned(t *testing.T) {
	of := func(name string) Config {
		c, _, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	edm := of("edm")
	if n := edm.Shape().Parameters(); n != 5_339_920 {
		t.Errorf("%d parameters, expected EDM's 5,339,920", n)
	}
	for name, c := range map[string]struct {
		base    Config
		changed []string
		sample  Sample
	}{
		"edm": {of("qm9"), []string{"path.x: linear → edm", "path.h: vp-linear → edm", "output.x: velocity → noise", "output.h: velocity → noise",
			"loss.angle: 1 → 0", "eot.mode: both → none"}, edmSample(of("qm9").Sample)},
		"edm-tiny": {of("tiny"), []string{"path.x: linear → edm", "path.h: vp-linear → edm", "output.x: residual → noise", "output.h: endpoint → noise",
			"loss.angle: 1 → 0", "loss.features: 10 → 1", "loss.pair: 0.3 → 0", "train.time: logit-normal → uniform"}, edmSample(of("tiny").Sample)},
		"ve-tiny": {of("tiny"), []string{"path.x: linear → ve(20)", "path.h: vp-linear → ve(20)", "output.x: residual → preconditioned", "output.h: endpoint → preconditioned",
			"loss.angle: 1 → 0", "loss.features: 10 → 1", "loss.pair: 0.3 → 0", "train.time: logit-normal → log-normal"}, karrasSample(of("tiny").Sample)},
	} {
		got := of(name)
		if changed := Diff(c.base, got); !slices.Equal(changed, c.changed) {
			t.Errorf("%s departs by %q, want %q", name, changed, c.changed)
		}
		if got.Sample != c.sample || got.Train.Steps != c.base.Train.Steps {
			t.Errorf("%s samples by %+v after %d steps, want %+v after %d", name, got.Sample, got.Train.Steps, c.sample, c.base.Train.Steps)
		}
	}
	if s := of("ve-tiny").Settings(flow.Moments{}, 1).Times; s.Of == nil || s.Of.String() != "ve(20)" {
		t.Errorf("the noise that is log-normal is of %v", s.Of)
	}
	based, err := Parse("base = \"ve-tiny\"\nname = \"ve-tiny\"", "based")
	if err != nil || based != of("ve-tiny") {
		t.Errorf("a file on a preset that has a base is %+v (%v)", based, err)
	}
}

func edmSample(s Sample) Sample {
	s.Solver, s.Steps = flow.Ancestral, 1000
	return s
}

func karrasSample(s Sample) Sample {
	s.Solver, s.Steps, s.Grid = flow.Karras, 100, flow.GridKarras
	return s
}

// A key under its old name is read, unless the new one is there too.
func TestOldKeysAreRead(t *testing.T) {
	for text, want := range map[string]float64{
		"[path]\nangle = 0.25\nx = \"vp-poly\"":         0.25,
		"[path]\nangle = 0.25\n[loss]\nangle = 0.5":     0.5,
		"[path]\nx = \"vp-poly\"\n[loss]\nfeatures = 2": 1,
	} {
		if c, err := Parse(text, "x.toml"); err != nil || c.Loss.Angle != want {
			t.Errorf("%q: angle %v, want %v; error %v", text, c.Loss.Angle, want, err)
		}
	}
}

// Whoever keeps a file with an old key is told the new one.
func TestOldKeysAreNoted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "old.toml")
	for text, want := range map[string][]string{
		"[path]\nangle = 0.25": {"path.angle is called loss.angle now"},
		"[loss]\nangle = 0.25": nil,
	} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if c, notes, err := Load(path); err != nil || c.Loss.Angle != 0.25 || !slices.Equal(notes, want) {
			t.Errorf("%q: angle %v, notes %q, error %v", text, c.Loss.Angle, notes, err)
		}
	}
}

// Noise put back is refused where noise and data are not independent, and types
// where there are none.
func TestWhatDoesNotGoTogether(t *testing.T) {
	for text, want := range map[string]string{
		"[sample]\nsolver = \"stochastic\"":                      "is true only for a model trained without transport",
		"[sample]\nsolver = \"ancestral\"":                       `x.toml:2: sample.solver: expected euler, heun or dopri5, found "ancestral": a solver with noise`,
		"[sample]\nsolver = \"karras\"":                          "expected euler, heun or dopri5",
		"[output]\nx = \"noise\"":                                "x.toml:2: output.x: \"noise\" with path.x = \"linear\", which has no data left at t = 1: expected a schedule that has, as edm",
		"[output]\nh = \"noise\"\n[path]\nz = \"linear\"":        "output.h: \"noise\" with path.z = \"linear\"",
		"[path]\nx = \"ve(0.1)\"":                                "schedule ve(0.1): expected the noise at t = 1, Å in brackets",
		"[output]\nh = \"types\"\n[data]\nchannels = \"number\"": "needs a channel for every type",
		"[train]\ncooldown = 9\nsteps = 8":                       "x.toml:2: train.cooldown: expected 0 to train.steps, found 9",
		"[train]\ntime = \"late\"":                               `x.toml:2: train.time: expected one of uniform, logit-normal, power, log-normal, found "late"`,
		"[train]\noptimizer = \"sgd\"":                           "x.toml:2: train.optimizer: expected one of adamw, muon, found \"sgd\"",
		"[train]\nmuon_poles = 3":                                "train.muon_poles: expected 0, for rounds, 1 or 2, found 3",
		"[output]\nx = \"speed\"":                                `x.toml:2: output.x: expected one of velocity, residual`,
		"name = \"a\"\n[eot]\nmode = 2":                          `x.toml:3: eot.mode: expected one of none, permutation, rotation, both, found "2"`,
		"[sample]\nsolver = \"rk5\"":                             `x.toml:2: sample.solver: expected one of euler, midpoint,`,
		"[sample]\ngrid = \"round\"":                             `x.toml:2: sample.grid: expected one of uniform,`,
		"[path]\nangle = 1\nx = \"vp-quartic\"":                  `x.toml:3: path.x: expected one of linear,`,
		"[path]\nx = \"learned\"":                                "path.h may be learned",
		"[path]\nz = \"learned\"":                                "path.h may be learned",
		"[train]\nschedule_until = 2":                            "train.schedule_until: expected a share of the steps, 0 to 1, found 2",
		"[path]\nangle = \"wide\"":                               "x.toml:2: loss.angle: expected a number, found \"wide\"",
		"[network]\nkind = \"plain\"":                            "network.kind: expected one of egnn, twin, found \"plain\"",
		"[network]\nkind = \"twin\"":                             "found \"both\", which turns the noise into the frame of the data",
		"[network]\nkind = \"twin\"\n[eot]\nmode = \"rotation\"": "expected \"none\" or \"permutation\", or train.rotate = true",
		"[condition]\nproperty = \"U0\"":                         `x.toml:2: condition.property: expected one of alpha, gap, homo, lumo, mu, Cv, found "U0"`,
		"[condition]\ndrop = 0.1":                                "condition.drop: 0.1 leaves out a property, and condition.property names none",
		"[condition]\nproperty = \"mu\"\ndrop = 1":               "condition.drop: expected 0 to less than 1, found 1",
		"[condition]\nproperty = \"mu\"\n[sample]\nguidance = 1": "sample.guidance: 1 needs a model that has learned without its property too",
		"[sample]\nguidance = -1":                                "sample.guidance: expected 0 or more, found -1",
		"[data]\nhalf = \"third\"":                               `data.half: expected one of , first, second, found "third"`,
		"[data]\nhalf = \"first\"\nsplit = \"\"":                 `data.half: "first" is of the split train, and data.split is ""`,
		"[data]\ntype_height = 0":                                "data.type_height: expected a positive number, found 0",
		"[sample]\nresample = 0":                                 "sample.resample: expected 1 to 100, found 0",
		"[sample]\nresample = 2":                                 "x.toml:2: sample.resample: 2 takes a step again after noise was put back, which sample.solver = \"dopri5\" does not",
		"[sample]\nresample = 2\nsolver = \"dpm\"":               "sample.resample: expected 1 for a model trained with transport (eot.mode = \"both\")",
		"[sample]\nchurn = 0.5":                                  "sample.churn: expected 1 or more, found 0.5",
		"[sample]\nchurn_from = 0.01":                            "sample.churn_from: expected sample.churn_to to less than 1, found 0.01",
		"[data]\natoms = \"18\"":                                 `x.toml:2: data.atoms: "18", expected two whole numbers of atoms such as 1-18`,
		"[data]\natoms = \"9-2\"":                                "the least first",
		"[path]\nprior = 0":                                      "path.prior: expected 0.01 to 100 Å, found 0",
		"[path]\nprior = 1.3\n[eot]\nunsquared = true":           "x.toml:2: path.prior: expected 1, or squared distances, with eot.unsquared = true, found 1.3",
	} {
		if _, err := Parse(text, "x.toml"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}

// The twin goes with a transport that leaves the noise's pose alone, or with data that
// have none.
func TestTwinGoesWith(t *testing.T) {
	for _, text := range []string{
		"[eot]\nmode = \"none\"", "[eot]\nmode = \"permutation\"", "[train]\nrotate = true",
		"[train]\nrotate = true\n[eot]\nmode = \"rotation\"", "[train]\nrotate = true\n[eot]\nmode = \"none\"",
	} {
		c, err := Parse("[network]\nkind = \"twin\"\n"+text, "x.toml")
		if err != nil || c.Network.Kind != egnn.Twin || c.Settings(flow.Moments{}, 1).Rotate != c.Train.Rotate {
			t.Errorf("%q: %v, error %v", text, c.Network.Kind, err)
		}
	}
}

// A property is one column more for the network, two where it learns without it too.
func TestConditionIsContext(t *testing.T) {
	for text, want := range map[string]int{"": 0, "[condition]\nproperty = \"gap\"": 1, "[condition]\nproperty = \"gap\"\ndrop = 0.1": 2} {
		c, err := Parse(text, "x.toml")
		if err != nil || c.Shape().Context != want || c.Settings(flow.Moments{}, 1).Drop != c.Condition.Drop {
			t.Errorf("%q: %d columns, drop %v, error %v", text, c.Shape().Context, c.Condition.Drop, err)
		}
	}
	c, err := Parse("base = \"qm9-property\"\n", "x.toml")
	if err != nil || c.Vocabulary().TypeHeight() != 0.125 || c.Vocabulary().AtomicNumber || c.Shape().Features != 5 {
		t.Errorf("EDM's features of a property: %+v, error %v", c.Vocabulary(), err)
	}
}

func TestNearestKey(t *testing.T) {
	for text, want := range map[string]string{
		"[network]\nhiden = 3":       `x.toml:2: network.hiden: unknown key; the nearest known one is "network.hidden"`,
		"seeds = 3":                  `x.toml:1: seeds: unknown key; the nearest known one is "seed"`,
		"[network]\nHidden = 3":      `x.toml:2: network.Hidden: unknown key; the nearest known one is "network.hidden"`,
		"[network]\nfeatures = 3":    `x.toml:2: network.features: unknown key; the nearest known one is "loss.features"`,
		"lr = 3":                     `x.toml:1: lr: unknown key; the nearest known one is "train.lr"`,
		"[network]\nsteps = 3":       `x.toml:2: network.steps: unknown key; the nearest known one is "train.steps"`,
		"[sampl]\nnumber = 3":        `the nearest known one is "sample`,
		"[train]\nlr = 1\nema_ = .5": "x.toml:3: ", // a syntax error, from the parser
	} {
		if _, err := Parse(text, "x.toml"); err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "x.toml:") {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}

// Values that would end in a panic, in numbers that are not finite, or in files
// that cannot be read again are refused before anything is computed.
func TestExtremesAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"seed = -1":                               "x.toml:1: seed: expected 0 to 9223372036854775807, found -1",
		"name = \"a\\rb\"":                        `name: expected a word of letters, digits, - _ + and . to name a folder and molecules, found "a\rb"`,
		"name = \"$$$$\"":                         `expected a word`,
		"name = \"..\"":                           `expected a word`,
		"[train]\nbatch = 9223372036854775807":    "train.batch: expected 1 to",
		"[train]\nsteps = 9223372036854775807":    "train.steps: expected 1 to",
		"[train]\nlr = inf":                       "train.lr: expected a positive number, found +Inf",
		"[train]\nlr = nan":                       "train.lr: expected a positive number, found NaN",
		"[path]\nangle = inf":                     "loss.angle: expected 0 or more, found +Inf",
		"[sample]\nsteps = 9223372036854775807":   "sample.steps: expected 1 to",
		"[sample]\nnumber = 9223372036854775807":  "sample.number: expected 1 to",
		"[sample]\nrtol = inf":                    "sample.rtol: expected a positive number, found +Inf",
		"[network]\ncoords_range = inf":           "network.coords_range: expected a positive number, found +Inf",
		"[network]\nnormalization_factor = inf":   "network.normalization_factor: expected a positive number, found +Inf",
		"[network]\nhidden = 9223372036854775807": "network.hidden: expected 1 to 8192, found 9223372036854775807",
	} {
		if _, err := Parse(text, "x.toml"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}

// A program may set what no file could say.
func TestWordsSetByAProgram(t *testing.T) {
	for want, set := range map[string]func(c *Config){
		`data.channels: expected one of published, types+number, types, number, found "all"`: func(c *Config) { c.Data.Channels = "all" },
		`path.h: expected one of linear`:                                                func(c *Config) { c.Path.H = "straight" },
		`output.h: expected one of velocity`:                                            func(c *Config) { c.Output.H = 5 },
		`eot.mode: expected one of none, permutation, rotation, both, found "Mode(-1)"`: func(c *Config) { c.EOT.Mode = -1 },
		`train.time: expected one of uniform`:                                           func(c *Config) { c.Train.Time = 7 },
		`train.decay: expected one of cosine, constant, found "linear"`:                 func(c *Config) { c.Train.Decay = "linear" },
		`sample.solver: expected one of euler`:                                          func(c *Config) { c.Sample.Solver = 9 },
		`sample.grid: expected one of uniform`:                                          func(c *Config) { c.Sample.Grid = 5 },
	} {
		c := Default()
		set(&c)
		if err := c.Check(); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}
