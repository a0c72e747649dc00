package config

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
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
	Optimizer       Optimizer     `toml:"optimizer"`
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
	Guidance  float64     `toml:"guidance"` // w of classifier-free guidance
}

// Load reads a preset by its name or a file by its path, as Parse does. The notes
// are for whoever keeps the file: which of its keys have another name now.
func Load(name string) (c Config, notes []string, err error) {
	if text, ok := preset(name); ok {
		return parse(text, "preset "+name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		if os.IsNotExist(err) && !strings.ContainsAny(name, `./\`) {
			return c, nil, fmt.Errorf("no preset and no file is named %q; presets: %s", name, strings.Join(Presets(), ", "))
		}
		return c, nil, err
	}
	return parse(string(text), name)
}

// Parse reads a configuration over Default or over the preset that its key base
// names. Errors name the file, the line where there is one, the key and what was
// expected.
func Parse(text, name string) (Config, error) {
	c, _, err := parse(text, name)
	return c, err
}

func parse(text, name string) (c Config, notes []string, err error) {
	if c, err = base(text, name); err != nil {
		return Config{}, nil, err
	}
	if notes, err = decode(text, name, &c); err != nil {
		return Config{}, nil, err
	}
	if err := c.Check(); err != nil {
		return Config{}, nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, notes, nil
}

// base returns the configuration that a file starts from.
func base(text, name string) (Config, error) {
	var head struct {
		Base string `toml:"base"`
	}
	if _, err := toml.Decode(text, &head); err != nil {
		return Config{}, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "toml: "))
	}
	if head.Base == "" {
		return Default(), nil
	}
	preset, ok := preset(head.Base)
	if !ok {
		return Config{}, fmt.Errorf("%s: base = %q, expected one of %s", name, head.Base, strings.Join(Presets(), ", "))
	}
	c, err := base(preset, "preset "+head.Base) // which may have one itself
	if err != nil {
		return c, err
	}
	_, err = decode(preset, "preset "+head.Base, &c)
	return c, err
}

// decode reads a text over what c holds. Keys are known by their exact spelling,
// old ones too: those are noted.
func decode(text, name string, c *Config) (notes []string, err error) {
	meta, err := toml.Decode(text, c)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, strings.TrimPrefix(err.Error(), "toml: "))
	}
	old, notes, err := renamed(text, c)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	known := append(append(keys(reflect.TypeFor[Config](), ""), "base"), old...)
	for _, key := range meta.Keys() { // the decoder takes Hidden for hidden, and either where both are given
		if !slices.Contains(known, key.String()) {
			return nil, fmt.Errorf("%s: %s", name, unknownKey(text, key.String()))
		}
	}
	return notes, nil
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
