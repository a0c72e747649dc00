package oracle

import (
	"fmt"
	"math"
	"math/rand/v2"

	"equifm/autograd"
	"equifm/datasets"
	"equifm/egnn"
	"equifm/molecule"
	"equifm/nn/parallel"
)

// Oracle says what property a molecule has.
type Oracle struct {
	Config   Config
	Quantity datasets.Quantity
	Scale    datasets.Stats // of the property: the network's numbers are (value - mean)/MAD
	Learned  int            // molecules it was trained on
	net      *egnn.Regressor[float32]
}

// newOracle returns one that has learned nothing, its parameters drawn with the seed.
func newOracle(c Config, scale datasets.Stats) (*Oracle, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	if !(scale.MAD > 0) || math.IsInf(scale.MAD, 0) || math.IsNaN(scale.Mean) || math.IsInf(scale.Mean, 0) {
		return nil, fmt.Errorf("%s of mean %v and mean absolute deviation %v, expected one that differs between molecules", c.Property, scale.Mean, scale.MAD)
	}
	net, err := egnn.NewRegressor[float32](c.shape())
	if err != nil {
		return nil, err
	}
	net.Init(rand.New(rand.NewPCG(c.Seed, 0)))
	q, _ := datasets.QuantityOf(c.Property) // checked
	return &Oracle{Config: c, Quantity: q, Scale: scale, net: net}, nil
}

// Parameters returns how many the network has.
func (o *Oracle) Parameters() int { return len(o.net.Params().Data) }

// input is a molecule as the network sees it.
type input struct {
	x, h   []float32 // (n, 3), Å, and (n, F)
	target float32   // scaled
}

func encode(m *molecule.Molecule) (in input, err error) {
	in.x, in.h, err = datasets.Encode[float32](vocabulary(), m)
	return in, err
}

// batch lays molecules one after another.
func batch(t *autograd.Tape[float32], inputs []input) (sizes []int, x, h *autograd.Tensor[float32]) {
	var xs, hs []float32
	for _, in := range inputs {
		sizes, xs, hs = append(sizes, len(in.x)/3), append(xs, in.x...), append(hs, in.h...)
	}
	return sizes, t.Const(len(xs)/3, 3, xs), t.Const(len(xs)/3, len(hs)*3/len(xs), hs)
}

// together is how many molecules one evaluation takes.
const together = 8

// Predict returns the property of molecules, in its unit. A molecule without atoms, or
// of an element that QM9 does not have, is an error.
func (o *Oracle) Predict(mols []molecule.Molecule, workers int) ([]float64, error) {
	values, view := make([]float64, len(mols)), o.net.Params().Freeze(o.net.Params().Data)
	parts := (len(mols) + together - 1) / together
	tapes := make([]*autograd.Tape[float32], max(1, min(workers, parts)))
	err := parallel.Each(parts, len(tapes), func(w, k int) error {
		if tapes[w] == nil {
			tapes[w] = autograd.NewTape[float32]()
		}
		from, to := k*together, min((k+1)*together, len(mols))
		var inputs []input
		for i := from; i < to; i++ {
			in, err := encode(&mols[i])
			if err == nil && len(in.x) == 0 {
				err = fmt.Errorf("it has no atoms")
			}
			if err != nil {
				return fmt.Errorf("oracle of %s: molecule %d: %w", o.Quantity.Key, i+1, err)
			}
			inputs = append(inputs, in)
		}
		tapes[w].Reset()
		sizes, x, h := batch(tapes[w], inputs)
		for i, y := range o.net.Forward(tapes[w], view, sizes, x, h).Data {
			values[from+i] = o.Scale.Mean + o.Scale.MAD*float64(y)
		}
		return nil
	})
	return values, err
}

// MAE is the mean absolute difference of values, one by one.
func MAE(a, b []float64) (mean float64) {
	for i := range a {
		mean += math.Abs(a[i]-b[i]) / float64(len(a))
	}
	return mean
}
