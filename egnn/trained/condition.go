package trained

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"equifm/datasets"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule"
)

// Condition is what a model of a property knows of it.
type Condition struct {
	Stats datasets.Stats `json:"stats"` // by which values are scaled: of the validation split, as in EDM
	Joint datasets.Joint `json:"joint"` // of sizes and values of the molecules that it has learned
}

// NewCondition takes it from the molecules to learn, each with its value, and those held
// out, which have the property too; where there are none, the former are the measure.
func NewCondition(q datasets.Quantity, learn []molecule.Molecule, values []float64, heldOut []molecule.Molecule) (*Condition, error) {
	if len(heldOut) == 0 {
		heldOut = learn
	}
	stats, err := q.Stats(heldOut)
	if err != nil {
		return nil, err
	}
	c := &Condition{stats, datasets.NewJoint(learn, values)}
	return c, c.check()
}

// check returns an error for statistics by which nothing can be scaled or drawn.
func (c *Condition) check() error {
	if s := c.Stats; !(s.MAD > 0) || math.IsNaN(s.Mean) || math.IsInf(s.Mean+s.MAD, 0) {
		return fmt.Errorf("a property of mean %v and mean absolute deviation %v, expected one that differs between molecules", s.Mean, s.MAD)
	}
	return c.Joint.Check()
}

// readCondition returns what a checkpoint's metadata say of a model's property.
func readCondition(meta map[string]string, c config.Config) (*Condition, error) {
	text, there := meta["condition"]
	if there != (c.Condition.Property != "") {
		return nil, fmt.Errorf("metadata key \"condition\": there %t, with condition.property = %q", there, c.Condition.Property)
	}
	if !there {
		return nil, nil
	}
	condition := new(Condition)
	if err := errors.Join(json.Unmarshal([]byte(text), condition), condition.check()); err != nil {
		return nil, fmt.Errorf("metadata key \"condition\": %w", err)
	}
	return condition, nil
}

// window is how far from a value, in mean absolute deviations, molecules may be to show
// what sizes go with it.
const window = 0.1

// size draws a number of atoms that goes with a value.
func (c *Condition) size(value float64, rng *rand.Rand) int {
	return c.Joint.Size(value, window*c.Stats.MAD, rng)
}

// Context returns the network's context of n molecules, one after another. Of a model of a
// property it is of these values, (value - mean)/MAD, and, where the model has learned
// without its property too, a 1; where the network is told what is given, two zeros more,
// in whose place package flow tells it. Of any other model it is nil.
func (m *Model) Context(n int, values []float64) (context []float32) {
	for i := range n {
		if m.Condition != nil {
			s := m.Condition.Stats
			context = append(context, float32((values[i]-s.Mean)/s.MAD))
			if m.Config.Condition.Columns() == 2 {
				context = append(context, 1)
			}
		}
		for range m.Config.Train.Told() {
			context = append(context, 0)
		}
	}
	return context
}

// Outside says which of the values are outside of what the model has learned, "" for
// none: what it makes of those is a guess.
func (m *Model) Outside(values []float64) string {
	q, ok := m.Config.Condition.Quantity()
	if !ok || m.Condition == nil {
		return ""
	}
	least, most := m.Condition.Joint.Range()
	for _, v := range values {
		if v < least || v > most {
			return fmt.Sprintf("%s = %.6g %s is outside of what the model has learned, %.6g to %.6g %s", q.Key, v, q.Unit, least, most, q.Unit)
		}
	}
	return ""
}

// checkValues returns an error for values that the model cannot be asked for.
func (m *Model) checkValues(o Options) error {
	if m.Condition == nil {
		return fmt.Errorf("the model has learned no property (condition.property), and cannot be asked for one")
	}
	if len(o.Values) != o.Number {
		return fmt.Errorf("%d values of %s for %d molecules, expected one each", len(o.Values), m.Config.Condition.Property, o.Number)
	}
	for _, v := range o.Values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%s = %v, expected a number", m.Config.Condition.Property, v)
		}
	}
	return nil
}

// Draw returns the sizes of a sample and, of a model of a property, the values that it is
// asked for.
func (m *Model) Draw(o Options) (sizes []int, values []float64, err error) {
	if err := m.check(o); err != nil {
		return nil, nil, err
	}
	if sizes, err = m.sizes(o); err != nil {
		return nil, nil, err
	}
	values, err = m.values(o, sizes)
	return sizes, values, err
}

// values returns what every molecule is asked for, nil for a model without a property.
func (m *Model) values(o Options, sizes []int) ([]float64, error) {
	if m.Condition == nil || o.Values != nil {
		return o.Values, nil
	}
	if err := m.Condition.Joint.Check(); err != nil {
		return nil, fmt.Errorf("sizes and values of the training set: %w", err)
	}
	values := make([]float64, len(sizes))
	for i, n := range sizes {
		values[i] = m.Condition.Joint.Value(n, flow.PropertyRand(o.Seed, o.First+i))
	}
	return values, nil
}
