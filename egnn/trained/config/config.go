package config

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"

	"github.com/BurntSushi/toml"
)

// Config is a run, section by section as in the file; presets/tiny.toml explains
// every key. A key left out takes Default's value, or that of the preset which
// the file's key base names.
type Config struct {
	Name string `toml:"name"`
	Seed uint64 `toml:"seed"`
	Data Data   `toml:"data"`

	Condition Condition `toml:"condition"`

	Network egnn.Config `toml:"network"`
	Path    Path        `toml:"path"`
	Output  Output      `toml:"output"`
	Loss    Loss        `toml:"loss"`
	EOT     EOT         `toml:"eot"`
	Train   Train       `toml:"train"`
	Sample  Sample      `toml:"sample"`

	// From is what the model that this one begins at has learned, and in no file.
	From Learned `toml:"-"`
}

// Learned is what a model has learned by.
type Learned struct {
	NormFactor float64 // its network.normalization_factor; 0 for no model
	Atoms      int     // of its largest molecule
}

// Data is what to learn from.
type Data struct {
	Source     string   `toml:"source"`
	Split      string   `toml:"split"`
	Vocabulary Elements `toml:"vocabulary"`
	Channels   Channels `toml:"channels"`
	TypeHeight float64  `toml:"type_height"` // of a one-hot
	NumberUnit float64  `toml:"number_unit"` // of the channel of Z
	SplitBy    SplitBy  `toml:"split_by"`    // of GEOM-Drugs
	Half       Half     `toml:"half"`        // of split train
	Tenth      Property `toml:"tenth"`       // the tenth with the highest values of it; "" for all
	Atoms      Sizes    `toml:"atoms"`       // of the molecules kept; "" for all
	Address    string   `toml:"address"`     // of QM9's archive, for source = "qm9"
	SHA256     string   `toml:"sha256"`      // of that; "" where nobody says
}

// Condition is the property that molecules are learned and made by, if any.
type Condition struct {
	Property Property `toml:"property"` // "" for none
	Drop     float64  `toml:"drop"`     // probability that a molecule is shown without it
}

// Path is the probability path.
type Path struct {
	X Schedule `toml:"x"`
	H Schedule `toml:"h"`
	Z Last     `toml:"z"` // of the channel of Z; "" for H's

	Prior float64 `toml:"prior"` // Å, standard deviation of the noise of positions
}

// Output is what the network's numbers stand for.
type Output struct {
	X flow.CoordinateOutput `toml:"x"`
	H flow.FeatureOutput    `toml:"h"`
}

// Loss is the weights of its parts.
type Loss struct {
	Angle      float64 `toml:"angle"`
	Features   float64 `toml:"features"`
	Pair       float64 `toml:"pair"`
	PairCutoff float64 `toml:"pair_cutoff"` // Å
	PairUntil  float64 `toml:"pair_until"`  // t
}

// EOT is the optimal transport between noise and data.
type EOT struct {
	Mode        eot.Mode `toml:"mode"`
	Restarts    int      `toml:"restarts"`
	Reflections bool     `toml:"reflections"`
	Unsquared   bool     `toml:"unsquared"`
	Tolerance   float64  `toml:"tolerance"` // Å²
	Rounds      int      `toml:"rounds"`
}

// Train is the optimisation.
type Train struct {
	Steps           int           `toml:"steps"`
	Batch           int           `toml:"batch"`
	Shard           int           `toml:"shard"`
	Groups          int           `toml:"groups"`
	Balance         Balance       `toml:"balance"`
	Rotate          bool          `toml:"rotate"`
	GivenTypes      float64       `toml:"given_types"` // share of molecules that are shown with all types given
	GivenParts      float64       `toml:"given_parts"` // share that are shown with a part given, places and types
	Optimizer       Optimizer     `toml:"optimizer"`
	MuonPoles       int           `toml:"muon_poles"` // of optimizer = "muon"; 0 for rounds
	LR              float64       `toml:"lr"`
	Warmup          int           `toml:"warmup"`
	Decay           Decay         `toml:"decay"`
	Cooldown        int           `toml:"cooldown"`
	WeightDecay     float64       `toml:"weight_decay"`
	AMSGrad         bool          `toml:"amsgrad"`
	EMA             float64       `toml:"ema"`
	EMAWarmup       bool          `toml:"ema_warmup"`
	Time            flow.TimeKind `toml:"time"`
	TimeMean        float64       `toml:"time_mean"`
	TimeStd         float64       `toml:"time_std"`
	TimePower       float64       `toml:"time_power"`
	ScheduleEvery   int           `toml:"schedule_every"` // of path.h = "learned"
	ScheduleUntil   float64       `toml:"schedule_until"`
	LogEvery        int           `toml:"log_every"`
	CheckpointEvery int           `toml:"checkpoint_every"`
}

// Sample is the set of molecules drawn at the end.
type Sample struct {
	Number    int         `toml:"number"`
	Solver    flow.Solver `toml:"solver"`
	Steps     int         `toml:"steps"`
	Grid      flow.Grid   `toml:"grid"`
	RTol      float64     `toml:"rtol"`
	ATol      float64     `toml:"atol"`
	Error     ErrorOf     `toml:"error"` // of dopri5
	End       float64     `toml:"end"`
	Eta       float64     `toml:"eta"`
	Churn     float64     `toml:"churn"`
	ChurnFrom float64     `toml:"churn_from"`
	ChurnTo   float64     `toml:"churn_to"`
	Guidance  float64     `toml:"guidance"`   // w of classifier-free guidance
	TypesFrom float64     `toml:"types_from"` // t from which given types are told
	Resample  int         `toml:"resample"`   // times that a step is taken
}

// Load reads a preset by its name or a file by its path, as Parse does, but for a file
// without a key: whoever has that emptied or did not save it, and would get the published
// model, days of work. The notes are for whoever keeps the file: which of its keys have
// another name now.
func Load(name string) (c Config, notes []string, err error) {
	if text, ok := preset(name); ok {
		return parse(text, "preset "+name)
	}
	f, err := os.Open(name)
	if err != nil {
		if os.IsNotExist(err) && !strings.ContainsAny(name, `./\`) {
			return c, nil, &Unknown{fmt.Sprintf("no preset and no file is named %q; presets: %s", name, strings.Join(Presets(), ", "))}
		}
		return c, nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxText+1))
	if err != nil {
		return c, nil, err
	}
	if blank(string(text)) {
		var wrong problems
		wrong.add("", "expected a key, found none: base = \"tiny\" takes all of a preset's (%s), name = \"mine\" alone the published values", strings.Join(Presets(), ", "))
		return c, nil, wrong.err(name)
	}
	return parse(string(text), name)
}

// blank says whether a text holds comments and empty lines alone.
func blank(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff")); line != "" && line[0] != '#' {
			return false
		}
	}
	return true
}

// Parse reads a configuration over Default or over the preset that its key base
// names. Errors, see [Problems], name the file, the line where there is one, the key
// and what was expected: all of them at once.
func Parse(text, name string) (Config, error) {
	c, _, err := parse(text, name)
	return c, err
}

func parse(text, name string) (c Config, notes []string, err error) {
	if c, err = base(text, name); err != nil {
		return Config{}, nil, err
	}
	lines, notes, wrong := decode(text, &c)
	for _, p := range c.problems() {
		p.Line = lines[p.Key]
		if !slices.ContainsFunc(wrong, func(w Problem) bool { return w.Key == p.Key }) {
			wrong = append(wrong, p)
		}
	}
	if err := wrong.err(name); err != nil {
		return Config{}, nil, err
	}
	return c, notes, nil
}

// base returns the configuration that a file starts from.
func base(text, name string) (c Config, err error) {
	if wrong := hostile(text); wrong != nil {
		return c, wrong.err(name)
	}
	var head struct{ Base any }
	if _, err := toml.Decode(text, &head); err != nil {
		return c, problems{syntax(err)}.err(name)
	}
	if head.Base == nil {
		return Default(), nil
	}
	word, _ := head.Base.(string)
	preset, ok := preset(word)
	if !ok {
		var wrong problems
		wrong.add("base", "expected one of %s, found %s", strings.Join(Presets(), ", "), found(head.Base))
		return c, wrong.at(linesOf(text)).err(name)
	}
	if c, err = base(preset, "preset "+word); err != nil { // which may have one itself
		return c, err
	}
	_, _, wrong := decode(preset, &c)
	return c, wrong.err("preset " + word)
}

// String returns the configuration as TOML, every key spelled out.
func (c Config) String() string {
	var b bytes.Buffer
	e := toml.NewEncoder(&b)
	e.Indent = ""
	if err := e.Encode(c); err != nil {
		panic(err) // a struct of numbers and strings always encodes
	}
	return b.String()
}
