package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/flow/schedule"
	"equifm/molecule"
	"equifm/nn/parallel"
)

// atATime is how many molecules of one size are carried together.
const atATime = 8

// carryBack makes pairs the other way around: molecules of a file's training split, stable and in one piece,
// each with the noise that the flow carried back from it ends at.
func (s settings) carryBack(m *trained.Model) (pairs []flow.Example[float32], err error) {
	if err := plain(m); err != nil {
		return nil, err
	}
	molecules, err := s.wanted(m)
	if err != nil {
		return nil, err
	}
	for len(molecules) > 0 {
		part := molecules[:min(500, len(molecules))] // in groups that need at most twice as many numbers, by which noise is keyed
		molecules = molecules[len(part):]
		o := m.Options()
		o.Seed, o.Workers, o.Steps, o.First = s.seed, s.workers, s.through, 2*len(pairs)
		more, err := back(m, part, o)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, more...)
		fmt.Printf("%d molecules carried back, %d to go\n", len(pairs), len(molecules))
		if err := write(s.pairs, pairs); err != nil {
			return nil, err
		}
	}
	return pairs, nil
}

// wanted draws molecules of the file.
func (s settings) wanted(m *trained.Model) (molecules []*molecule.Molecule, err error) {
	set, err := datasets.Load(s.back)
	if err != nil {
		return nil, err
	}
	train := set.Splits["train"]
	rng := rand.New(rand.NewPCG(s.seed, 0))
	for _, k := range rng.Perm(len(train)) {
		mol := &set.Molecules[train[k]]
		if j := m.Judge([]*molecule.Molecule{mol})[0]; j.Stable && j.Fragments == 1 {
			molecules = append(molecules, mol)
		}
		if len(molecules) == s.noises {
			break
		}
	}
	return molecules, nil
}

// back carries molecules back to noise, those of a size together.
func back(m *trained.Model, molecules []*molecule.Molecule, o trained.Options) ([]flow.Example[float32], error) {
	pairs, bySize := make([]flow.Example[float32], len(molecules)), map[int][]int{}
	var groups [][]int
	for k, mol := range molecules {
		e := &pairs[k]
		var err error
		if e.X, e.H, err = datasets.Encode[float32](m.Config.Vocabulary(), mol); err != nil {
			return nil, err
		}
		flow.Centre(e.X)
		n := e.Atoms()
		if bySize[n] = append(bySize[n], k); len(bySize[n]) == atATime {
			groups, bySize[n] = append(groups, bySize[n]), nil
		}
	}
	for _, n := range slices.Sorted(maps.Keys(bySize)) {
		if len(bySize[n]) > 0 {
			groups = append(groups, bySize[n])
		}
	}
	return pairs, parallel.Each(len(groups), o.Workers, func(_, g int) error {
		o := o
		o.First += atATime * g // so that no two molecules have the same noise
		return backTogether(m, groups[g], pairs, o)
	})
}

// backTogether carries some of the pairs' molecules, all of a size, back, and gives them their noise.
func backTogether(m *trained.Model, group []int, pairs []flow.Example[float32], o trained.Options) error {
	o.Workers, o.Together = 1, len(group)
	sampler, err := m.Sampler(o)
	if err != nil {
		return err
	}
	var up rising
	sampler.Scheme, sampler.Start.At = &up, 1
	var sizes []int
	for _, k := range group {
		sizes, sampler.Start.States = append(sizes, pairs[k].Atoms()), append(sampler.Start.States, pairs[k].State)
	}
	if _, _, err := sampler.Sample(sizes, nil); err != nil {
		return err
	}
	for i, k := range group {
		x, h := 3*sizes[i], m.Field.Features*sizes[i]
		pairs[k].Noise = &flow.State[float32]{X: up.noise.X[i*x : (i+1)*x], H: up.noise.H[i*h : (i+1)*h]}
	}
	return nil
}

// rising is a flow.Scheme that takes the times the other way: y, which is data, gets the
// noise of the last time, as the flow has it there, and is carried up to t = 1. Of that it
// keeps a copy, and what the sampler makes of it is of no use. A step is of order 2: with D the end point and
// ε the noise that the state consists of, y = α·D + σ·ε, it is α'·D + σ'·ε, once with the
// D of where it starts and once with the mean of that and of where the first try ends.
type rising struct{ noise flow.State[float32] }

func (r *rising) Solve(p *flow.Problem[float32], times []float64, y []float32) (stats ode.Stats, err error) {
	from, ahead, try := make([]float32, len(y)), make([]float32, len(y)), make([]float32, len(y))
	p.Noise(try)
	both(p, func(s schedule.Schedule, part func([]float32) []float32) {
		at, state := s.At(times[len(times)-1]), part(y)
		for i, n := range part(try) {
			state[i] = float32(at.Alpha)*state[i] + float32(at.Sigma)*n
		}
	})
	for i := len(times) - 1; i > 0; i-- {
		t, next := times[i], times[i-1]
		if err := p.EndPoint(t, y, from); err != nil {
			return stats, err
		}
		step(p, t, next, y, from, try)
		if err := p.EndPoint(next, try, ahead); err != nil {
			return stats, err
		}
		for k, d := range ahead {
			from[k] = (from[k] + d) / 2
		}
		step(p, t, next, y, from, y)
		stats.NFE, stats.Steps = stats.NFE+2, stats.Steps+1
	}
	r.noise = p.Split(slices.Clone(y))
	return stats, nil
}

// step writes α'·D + σ'·ε at the next time into out, which may be y.
func step(p *flow.Problem[float32], t, next float64, y, data, out []float32) {
	both(p, func(s schedule.Schedule, part func([]float32) []float32) {
		now, then := s.At(t), s.At(next)
		of, to, d := part(y), part(out), part(data)
		keep := then.Sigma / now.Sigma
		add := then.Alpha - keep*now.Alpha
		for i, v := range of {
			to[i] = float32(keep)*v + float32(add)*d[i]
		}
	})
}

// both does something for positions, then for features.
func both(p *flow.Problem[float32], do func(s schedule.Schedule, part func([]float32) []float32)) {
	do(p.Path.X, func(y []float32) []float32 { return p.Split(y).X })
	do(p.Path.H, func(y []float32) []float32 { return p.Split(y).H })
}
