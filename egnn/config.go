package egnn

import (
	"cmp"
	"fmt"
	"math"
	"strings"
)

// Config is the shape of the network. The names are those of the golden values
// and of the metadata in a checkpoint.
type Config struct {
	Kind     Kind `json:"kind" toml:"kind"`
	Features int  `json:"features" toml:"-"`    // F, channels of h without time and context
	Context  int  `json:"context" toml:"-"`     // C, columns of context beside the time
	Hidden   int  `json:"hidden" toml:"hidden"` // H, channels of an atom
	Edge     int  `json:"edge" toml:"edge"`     // E, channels of a pair; 0 is H, as published
	Layers   int  `json:"layers" toml:"layers"`
	// Groups is into how many, at most, the pairs of molecules that one pass takes
	// together are cut for the gradients of the weights, which are summed by groups and
	// then in their order: part of what is computed, as the cores are not, and the
	// number of cores that a pass has work for going backward. 0 is one.
	Groups int `json:"groups,omitempty" toml:"-"`

	Attention bool `json:"attention" toml:"attention"` // gate the messages
	Tanh      bool `json:"tanh" toml:"tanh"`           // bound the coordinate weights s_ij to ±CoordsRange; the twin's displacements, Å

	CoordsRange  float64 `json:"coords_range" toml:"coords_range"`                 // of one layer; 15 in EquiFM
	NormConstant float64 `json:"norm_constant" toml:"norm_constant"`               // c in (x_i-x_j)/(d+c)
	NormFactor   float64 `json:"normalization_factor" toml:"normalization_factor"` // divides every sum over j
}

// QM9 is EquiFM's configuration on QM9: 5,339,920 parameters.
func QM9() Config {
	return Config{Features: 6, Hidden: 256, Layers: 9, Attention: true, Tanh: true,
		CoordsRange: 15, NormConstant: 1, NormFactor: 1}
}

// edge returns E, the channels of a pair. Pairs outnumber atoms by some seventeen
// in QM9, so a narrow E leaves time for a wide H and for more layers.
func (c Config) edge() int { return cmp.Or(c.Edge, c.Hidden) }

// Problem is a setting out of range, by its name in a file.
type Problem struct {
	Key      string
	Value    any
	Expected string
}

// Validate returns an error that names the first setting out of range.
func (c Config) Validate() error {
	for _, p := range c.Problems() {
		return fmt.Errorf("egnn: %s = %v, expected %s", p.Key, p.Value, p.Expected)
	}
	return nil
}

// Problems returns all settings out of range.
func (c Config) Problems() (all []Problem) {
	for _, s := range []struct {
		Problem
		ok bool
	}{
		{Problem{"kind", c.Kind, "one of " + strings.Join(kindNames, ", ")}, c.Kind == EGNN || c.Kind == Twin},
		{Problem{"features", c.Features, "at least 1"}, c.Features >= 1},
		{Problem{"context", c.Context, "0 or more"}, c.Context >= 0},
		{Problem{"hidden", c.Hidden, "1 to 8192"}, c.Hidden >= 1 && c.Hidden <= 1<<13},
		{Problem{"edge", c.Edge, "0 (as hidden) to 8192"}, c.Edge >= 0 && c.Edge <= 1<<13},
		{Problem{"layers", c.Layers, "1 to 1024"}, c.Layers >= 1 && c.Layers <= 1<<10},
		{Problem{"groups", c.Groups, "0 (one) to 1024"}, c.Groups >= 0 && c.Groups <= 1<<10},
		{Problem{"coords_range", c.CoordsRange, "a positive number"}, c.CoordsRange > 0 && c.CoordsRange <= math.MaxFloat32},
		{Problem{"norm_constant", c.NormConstant, "0 or more"}, c.NormConstant >= 0 && c.NormConstant <= math.MaxFloat32},
		{Problem{"normalization_factor", c.NormFactor, "a positive number"}, c.NormFactor > 0 && c.NormFactor <= math.MaxFloat32},
	} {
		if !s.ok {
			all = append(all, s.Problem)
		}
	}
	return all
}
