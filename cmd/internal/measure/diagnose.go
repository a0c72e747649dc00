package measure

import (
	"context"
	"math/rand/v2"

	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/eot"
	"equifm/flow"
	"equifm/molecule"
)

// From is a sample that began at the true state of held-out molecules at a time.
type From struct {
	T          float64 `json:"t"`
	RightTypes float64 `json:"right_types"` // % of atoms that end as the element they were
	Quality
}

// Features is what the network takes the elements for at a time.
type Features struct {
	T     float64   `json:"t"`
	Ratio []float64 `json:"ratio"` // of each channel: the mean of ĥ₀ over that of the data; 0 where the data have none
}

// Truth is held-out molecules at places on a model's path: data, and the noise that
// it is carried from, moved as in training.
type Truth struct {
	model    *trained.Model
	examples []flow.Example[float32]
	noise    []flow.State[float32]
	sizes    []int
	context  []float32 // of all molecules, one after another
}

// NewTruth draws the noise for molecules, keyed by the seed and each one's place.
func NewTruth(m *trained.Model, examples []flow.Example[float32], seed uint64) (*Truth, error) {
	t := &Truth{model: m, examples: examples}
	align := eot.New(m.Config.Align())
	for i := range examples {
		e := &examples[i]
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		z, x := make([]float64, len(e.X)), make([]float64, len(e.X))
		for k, v := range e.X {
			x[k] = float64(v)
		}
		flow.CentredNormal(rng, z)
		if _, _, err := align.Align(z, x, rng); err != nil {
			return nil, err
		}
		noise := flow.State[float32]{X: make([]float32, len(e.X)), H: make([]float32, len(e.H))}
		for k, v := range z {
			noise.X[k] = float32(v)
		}
		flow.Normal(rng, noise.H)
		t.noise, t.sizes = append(t.noise, noise), append(t.sizes, e.Atoms())
		t.context = append(t.context, e.Context...)
	}
	return t, nil
}

// at returns the true states at a time.
func (t *Truth) at(time float64) (states []flow.State[float32]) {
	path := t.model.FlowPath()
	for i, e := range t.examples {
		x, h := len(e.X), len(e.H)
		at := flow.State[float32]{X: make([]float32, x), H: make([]float32, h)}
		target := flow.State[float32]{X: make([]float32, x), H: make([]float32, h)}
		flow.Interpolate(path, time, e.State, t.noise[i], at, target)
		states = append(states, at)
	}
	return states
}

// From integrates the molecules from their true states at a time, and judges what
// becomes of them.
func (t *Truth) From(ctx context.Context, o trained.Options, time float64) (f From, err error) {
	sampler, err := t.model.Sampler(o)
	if err != nil {
		return f, err
	}
	sampler.Start = flow.Start[float32]{At: time, States: t.at(time)}
	states, stats, err := sampler.Sample(t.sizes, t.context)
	if err != nil {
		return f, err
	}
	f = From{T: time, Quality: Quality{Solver: o.Solver.String(), NFE: stats.NFE}}
	v := t.model.Config.Vocabulary()
	var molecules []*molecule.Molecule
	right, atoms := 0, 0
	for i, s := range states {
		m, was := datasets.Decode(v, s.X, s.H), datasets.Decode(v, t.examples[i].X, t.examples[i].H)
		for k, e := range m.Elements {
			if e == was.Elements[k] {
				right++
			}
		}
		atoms += m.Len()
		molecules = append(molecules, m)
	}
	f.RightTypes = 100 * float64(right) / float64(max(atoms, 1))
	f.Molecules = Judge(molecules, t.model.Config, o.Workers)
	return f, ctx.Err()
}

// Features evaluates the network once at the true states at a time, for the end
// point that it sees behind them.
func (t *Truth) Features(o trained.Options, time float64) (f Features, err error) {
	o.Solver, o.Eta, o.Resample, o.Steps, o.Grid = flow.Euler, 0, 1, 1, flow.GridUniform
	sampler, err := t.model.Sampler(o)
	if err != nil {
		return f, err
	}
	sampler.Start = flow.Start[float32]{At: time, States: t.at(time)}
	states, _, err := sampler.Sample(t.sizes, t.context)
	if err != nil {
		return f, err
	}
	channels := t.model.Config.Vocabulary().Features()
	predicted, data := make([]float64, channels), make([]float64, channels)
	for i, s := range states {
		for k, v := range s.H {
			predicted[k%channels] += float64(v)
			data[k%channels] += float64(t.examples[i].H[k])
		}
	}
	for k := range predicted {
		if data[k] != 0 {
			predicted[k] /= data[k]
		} else {
			predicted[k] = 0
		}
	}
	return Features{time, predicted}, nil
}
