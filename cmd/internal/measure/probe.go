package measure

import (
	"fmt"
	"math"
	"math/rand/v2"

	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/nn/parallel"
)

// Probed is what a model's field is at the true states of held-out molecules at a time;
// v is its velocity dy/dt.
type Probed struct {
	T     float64   `json:"t"`
	Atoms int       `json:"atoms"` // that it was looked at
	X     float64   `json:"x"`     // distance of an atom of x̂₀ from the truth, root mean square, Å
	H     float64   `json:"h"`     // mean square error of ĥ₀, of an atom
	Types float64   `json:"types"` // % of atoms whose element in ĥ₀ is the true one
	Torn  float64   `json:"torn"`  // % of atoms whose one-hot and Z in ĥ₀ name two elements; 0 where there are not both
	Bias  []float64 `json:"bias"`  // of each channel: the mean of ĥ₀ less that of the data, in heights of a one-hot, or steps of Z

	Turned float64 `json:"turned"` // |v(R·y) - R·v(y)| / |v|, by a rotation R: 0 of an equivariant field
	Stiff  float64 `json:"stiff"`  // |∂v/∂y|, the most that a small change of the state is stretched by, per unit of t; mean of molecules
}

// A small change of the state is so large, root mean square of its numbers, and is
// stretched so many times to turn to where it is stretched most.
const nudge, stretches = 3e-3, 4

// Probe evaluates the network at the true states at times.
func (t *Truth) Probe(o trained.Options, times []float64) ([]Probed, error) {
	shards := (len(t.sizes) + straightShard - 1) / straightShard
	seen := make([][]probe, len(times))
	for k := range seen {
		seen[k] = make([]probe, shards)
	}
	err := parallel.Each(shards*len(times), o.Workers, func(_, i int) (err error) {
		k, shard := i/shards, i%shards
		seen[k][shard], err = t.probe(o, times[k], shard*straightShard, min((shard+1)*straightShard, len(t.sizes)))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("probe of the field: %w", err)
	}
	out := make([]Probed, len(times))
	for k := range out {
		var sum probe
		for _, p := range seen[k] {
			sum.add(p)
		}
		out[k] = sum.mean(times[k])
	}
	return out, nil
}

// probe evaluates the network for the molecules from one to before another.
func (t *Truth) probe(o trained.Options, time float64, from, to int) (p probe, err error) {
	o.Solver, o.Eta, o.Resample, o.Grid, o.Steps, o.Workers, o.Ranks, o.Watch = flow.Euler, 0, 1, flow.GridUniform, int(math.Ceil(2/time)), 1, nil, nil
	sampler, err := t.model.Sampler(o)
	if err != nil {
		return p, err
	}
	p = probe{vocabulary: t.model.Config.Vocabulary(), rotation: eot.RandomRotation(rand.New(rand.NewPCG(o.Seed, 1)))}
	for _, e := range t.examples[from:to] {
		p.data.X, p.data.H = append(p.data.X, e.X...), append(p.data.H, e.H...)
	}
	part := Truth{model: t.model, examples: t.examples[from:to], noise: t.noise[from:to]}
	sampler.Shard, sampler.Scheme, sampler.Start = straightShard, &p, flow.Start[float32]{At: time, States: part.at(time)}
	_, _, err = sampler.Sample(t.sizes[from:to], t.context[sampler.Context*from:sampler.Context*to])
	return p, err
}

// probe is a scheme that looks at the field and goes nowhere. It sums up.
type probe struct {
	vocabulary datasets.Vocabulary
	rotation   eot.Matrix3
	data       flow.State[float32]

	molecules, atoms   int
	x, h, turned, size float64 // squares
	stiff              float64
	right, torn        int
	bias               []float64 // sums
}

func (p *probe) add(o probe) {
	p.molecules, p.atoms, p.right, p.torn = p.molecules+o.molecules, p.atoms+o.atoms, p.right+o.right, p.torn+o.torn
	p.x, p.h, p.turned, p.size, p.stiff = p.x+o.x, p.h+o.h, p.turned+o.turned, p.size+o.size, p.stiff+o.stiff
	if p.bias == nil {
		p.bias, p.vocabulary = make([]float64, len(o.bias)), o.vocabulary
	}
	for k := range o.bias {
		p.bias[k] += o.bias[k]
	}
}

func (p *probe) mean(t float64) Probed {
	atoms := float64(max(p.atoms, 1))
	out := Probed{T: t, Atoms: p.atoms, X: math.Sqrt(p.x / atoms), H: p.h / atoms, Types: 100 * float64(p.right) / atoms, Torn: 100 * float64(p.torn) / atoms,
		Stiff: p.stiff / float64(max(p.molecules, 1)), Bias: p.bias}
	if p.size > 0 {
		out.Turned = math.Sqrt(p.turned / p.size)
	}
	for k := range out.Bias {
		if p.vocabulary.AtomicNumber && k == len(out.Bias)-1 {
			out.Bias[k] *= p.vocabulary.NumberUnit() / atoms
		} else {
			out.Bias[k] /= atoms * p.vocabulary.TypeHeight()
		}
	}
	return out
}

// Solve measures at the first time.
func (p *probe) Solve(of *flow.Problem[float32], times []float64, y []float32) (ode.Stats, error) {
	v, other, end := make([]float32, len(y)), make([]float32, len(y)), make([]float32, len(y))
	stats := ode.Stats{NFE: 3 + stretches, Steps: 1}
	if err := of.EndPoint(times[0], y, end); err != nil {
		return stats, err
	}
	p.compare(of.Split(end))
	if err := of.Velocity(times[0], y, v); err != nil {
		return stats, err
	}
	turned := clone(y)
	p.turn(of.Split(turned).X)
	if err := of.Velocity(times[0], turned, other); err != nil {
		return stats, err
	}
	p.turn(of.Split(v).X)
	for i := range v {
		d := float64(other[i] - v[i])
		p.turned, p.size = p.turned+d*d, p.size+float64(v[i])*float64(v[i])
	}
	p.molecules, p.atoms = p.molecules+len(of.Sizes), p.atoms+len(of.Split(y).X)/3
	return stats, p.stretch(of, times[0], y)
}

// turn rotates positions.
func (p *probe) turn(x []float32) {
	for i := 0; i < len(x); i += 3 {
		a, b, c := p.rotation.Apply(float64(x[i]), float64(x[i+1]), float64(x[i+2]))
		x[i], x[i+1], x[i+2] = float32(a), float32(b), float32(c)
	}
}

// compare holds the end point against the data.
func (p *probe) compare(end flow.State[float32]) {
	channels := p.vocabulary.Features()
	p.bias = make([]float64, channels)
	for i, v := range end.X {
		d := float64(v - p.data.X[i])
		p.x += d * d
	}
	for i, v := range end.H {
		d := float64(v - p.data.H[i])
		p.h += d * d
		p.bias[i%channels] += d
	}
	said, was := datasets.Decode(p.vocabulary, end.X, end.H), datasets.Decode(p.vocabulary, p.data.X, p.data.H)
	both := p.vocabulary.Types && p.vocabulary.AtomicNumber
	for i, e := range said.Elements {
		if e == was.Elements[i] {
			p.right++
		}
		if both && byNumber(p.vocabulary, end.H[channels*(i+1)-1]) != e {
			p.torn++
		}
	}
}
