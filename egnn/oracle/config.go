package oracle

import (
	"fmt"

	"equifm/datasets"
	"equifm/egnn"
)

// Config is an oracle's property, network and training.
type Config struct {
	Property string  `toml:"property" json:"property"` // of datasets.QuantityKeys
	Hidden   int     `toml:"hidden" json:"hidden"`
	Edge     int     `toml:"edge" json:"edge"` // 0 is as Hidden
	Layers   int     `toml:"layers" json:"layers"`
	Steps    int     `toml:"steps" json:"steps"`
	Batch    int     `toml:"batch" json:"batch"` // molecules
	LR       float64 `toml:"lr" json:"lr"`       // at the start; it falls to 0
	Seed     uint64  `toml:"seed" json:"seed"`
}

// EDM returns the set-up of EDM's paper and code: hidden 128, 7 layers, batches of 96,
// Adam at 5e-4, as many steps as 1,000 epochs of 50,000 molecules.
func EDM(property string) Config {
	return Config{Property: property, Hidden: 128, Layers: 7, Steps: 521_000, Batch: 96, LR: 5e-4, Seed: 1}
}

// vocabulary has EDM's features of an oracle: the one-hot as it is, no number.
func vocabulary() datasets.Vocabulary {
	v := datasets.QM9Vocabulary()
	v.AtomicNumber, v.Height = false, 1
	return v
}

func (c Config) shape() egnn.Shape {
	return egnn.Shape{Features: vocabulary().Features(), Hidden: c.Hidden, Edge: c.Edge, Layers: c.Layers}
}

// Check returns an error that names the first setting out of range.
func (c Config) Check() error {
	if _, err := datasets.QuantityOf(c.Property); err != nil {
		return err
	}
	switch {
	case c.Hidden < 1 || c.Hidden > 1<<13 || c.Edge < 0 || c.Edge > 1<<13 || c.Layers < 1 || c.Layers > 1<<10:
		return fmt.Errorf("hidden = %d, edge = %d, layers = %d; expected 1 to 8192, 0 (as hidden) to 8192, 1 to 1024", c.Hidden, c.Edge, c.Layers)
	case c.Steps < 1 || c.Batch < 1 || c.Steps > 1<<30 || c.Batch > 1<<20:
		return fmt.Errorf("steps = %d, batch = %d; expected at least 1 each, at most %d and %d", c.Steps, c.Batch, 1<<30, 1<<20)
	case !(c.LR > 0 && c.LR <= 1):
		return fmt.Errorf("lr = %v, expected above 0, at most 1", c.LR)
	}
	return nil
}
