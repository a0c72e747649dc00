package trained

import (
	"context"
	"fmt"
	"strconv"

	"equifm/autograd"
	"equifm/datasets"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/molecule"
	"equifm/nn"
)

// Sample draws molecules and says what the mean one cost. It ends early, with
// ctx's error, when ctx ends, and then returns the molecules that were done, nil in the place
// of the others.
func (m *Model) Sample(ctx context.Context, o Options) ([]*molecule.Molecule, ode.Stats, error) {
	sizes, values, err := m.Draw(o)
	if err != nil {
		return nil, ode.Stats{}, err
	}
	return m.SampleAt(ctx, o, sizes, values)
}

// SampleAt is Sample for who decides on every size and, of a model of a property, on
// every value; it takes all options but Number, Atoms, MostAtoms and Values. Molecules say what they
// were asked for: the property asked_alpha, or the like.
func (m *Model) SampleAt(ctx context.Context, o Options, sizes []int, values []float64) ([]*molecule.Molecule, ode.Stats, error) {
	sampler, err := m.Sampler(o)
	if err != nil {
		return nil, ode.Stats{}, err
	}
	if o.Told != nil {
		sampler.Net = telling{sampler.Net, o.Told, Evaluations(o.Sample)}
	}
	sampler.Net = until{sampler.Net, ctx}
	if sampler.Given, err = m.given(o, sizes); err != nil {
		return nil, ode.Stats{}, err
	}
	states, stats, err := sampler.Sample(sizes, m.Context(len(sizes), values))
	if err != nil && ctx.Err() == nil {
		return nil, stats, err
	}
	molecules := make([]*molecule.Molecule, len(states))
	for i, s := range states {
		if s.X == nil {
			continue
		}
		molecules[i] = datasets.Decode(m.Config.Vocabulary(), s.X, s.H)
		o.keep(molecules[i])
		molecules[i].Name = fmt.Sprintf("%s-%d", m.Config.Name, o.First+i+1)
		if m.Condition != nil {
			molecules[i].SetProperty("asked_"+string(m.Config.Condition.Property), strconv.FormatFloat(values[i], 'g', 6, 64))
		}
	}
	return molecules, stats, err
}

// Sampler returns a sampler of the model, for whoever decides on every size; it
// takes all options but Number, Atoms, MostAtoms and Values.
func (m *Model) Sampler(o Options) (*flow.Sampler[float32], error) {
	if err := m.check(o); err != nil {
		return nil, err
	}
	control := ode.Control{RTol: o.RTol, ATol: o.ATol}
	if o.Solver == flow.Dopri5 {
		control.MaxNFE = mostNFE
	}
	var net flow.Network[float32] = m.Field
	if o.Net != nil {
		net = o.Net
	}
	return &flow.Sampler[float32]{Net: net, Shard: o.Together, Params: m.Average, Path: m.FlowPath(), Output: m.Config.FlowOutput(m.Moments),
		Solver: o.Solver, Control: control, Eta: o.Eta, Churn: flow.Churn{Factor: o.Churn, From: o.ChurnFrom, To: o.ChurnTo}, Steps: o.Steps, Grid: o.Grid, End: o.End,
		Features: m.Field.Features, Context: m.Field.Context, Guidance: o.Guidance, TypesFrom: o.TypesFrom, Resample: o.Resample, ByAtom: o.Error == config.ByAtom, Seed: o.Seed,
		First: o.First, Watch: m.watch(o), Workers: o.Workers, Ranks: o.Ranks}, nil
}

// watch returns how the sampler tells of molecules, nil where nobody asks.
func (m *Model) watch(o Options) flow.Watch[float32] {
	if o.Watch == nil {
		return nil
	}
	v := m.Config.Vocabulary()
	return func(index int, t float64, at flow.State[float32]) error {
		return o.Watch(index, t, datasets.Decode(v, at.X, at.H))
	}
}

// until is a network that fails once its context has ended: the way out of a
// sampler, which evaluates it at every step.
type until struct {
	flow.Network[float32]
	ctx context.Context
}

func (u until) Forward(t *autograd.Tape[float32], v nn.View[float32], sizes []int, x, h, cond *autograd.Tensor[float32]) (qx, qh *autograd.Tensor[float32], err error) {
	if err := u.ctx.Err(); err != nil {
		return nil, nil, err
	}
	return u.Network.Forward(t, v, sizes, x, h, cond)
}
