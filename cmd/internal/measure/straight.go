package measure

import (
	"fmt"

	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/nn/parallel"
)

// Straightness is how the model itself carries noise to molecules, one number a
// molecule: along its way from z at t = 1 to x̂₀ at t = 0,
//
//	Bent   ∫ |v(x_t, t) - (z - x̂₀)|² dt / N   Å², 0 for straight ways (Liu et al. 2023, arXiv 2209.03003)
//	Moved  |z - x̂₀|² / N                      Å²
type Straightness struct {
	Bent  []float64 `json:"bent"`
	Moved []float64 `json:"moved"`
}

// straightSteps is the number of Euler steps that the integral is taken over.
const straightSteps = 20

// straightShard is how many molecules are carried together.
const straightShard = 8

// Straight follows n molecules of the model's sizes.
func Straight(m *trained.Model, seed uint64, n, workers int) (s Straightness, err error) {
	s = Straightness{make([]float64, n), make([]float64, n)}
	all := m.Options()
	all.Number, all.Seed = n, seed
	sizes, values, err := m.Draw(all)
	if err != nil {
		return s, fmt.Errorf("straightness: %w", err)
	}
	context := m.Context(n, values)
	shards := (n + straightShard - 1) / straightShard
	err = parallel.Each(shards, workers, func(_, k int) error {
		from, to := k*straightShard, min((k+1)*straightShard, n)
		o := m.Options()
		o.Solver, o.Eta, o.Steps, o.Grid, o.Workers, o.Seed = flow.Euler, 0, straightSteps, flow.GridUniform, 1, seed+uint64(k)<<32
		sampler, err := m.Sampler(o)
		if err != nil {
			return err
		}
		sampler.Shard, sampler.Scheme = straightShard, follow{s.Bent[from:to], s.Moved[from:to]}
		_, _, err = sampler.Sample(sizes[from:to], context[sampler.Context*from:sampler.Context*to])
		return err
	})
	if err != nil {
		return s, fmt.Errorf("straightness: %w", err)
	}
	return s, nil
}

// follow is Euler's method that measures the way it takes.
type follow struct{ bent, moved []float64 } // of each molecule

func (f follow) Solve(p *flow.Problem[float32], times []float64, y []float32) (stats ode.Stats, err error) {
	states := [][]float32{clone(y)} // at the times, and in the end x̂₀
	v := make([]float32, len(y))
	for i := 1; i < len(times); i++ {
		if err := p.Velocity(times[i-1], y, v); err != nil {
			return stats, err
		}
		for k := range y {
			y[k] += float32(times[i]-times[i-1]) * v[k]
		}
		states = append(states, clone(y))
	}
	if err := p.EndPoint(times[len(times)-1], y, v); err != nil {
		return stats, err
	}
	states = append(states, v)
	stats.NFE, stats.Steps = len(times), len(times)
	atom := 0
	for m, n := range p.Sizes {
		f.bent[m], f.moved[m] = bend(states, append(times[:len(times):len(times)], 0), 3*atom, 3*(atom+n))
		atom += n
	}
	return stats, nil
}

func clone(y []float32) []float32 { return append([]float32(nil), y...) }

// bend takes both figures of one molecule, whose coordinates are those from one index
// to before another: of a polygon through states at falling times that end at 0.
func bend(states [][]float32, times []float64, from, to int) (bent, moved float64) {
	start, end := states[0], states[len(states)-1]
	atoms := float64(to-from) / 3
	for k := from; k < to; k++ {
		chord := float64(start[k] - end[k])
		moved += chord * chord / atoms
		for i := 1; i < len(times); i++ {
			dt := times[i-1] - times[i]
			off := float64(states[i-1][k]-states[i][k])/dt - chord
			bent += off * off * dt / atoms
		}
	}
	return bent, moved
}
