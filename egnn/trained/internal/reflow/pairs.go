package main

import (
	"fmt"
	"os"

	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/molecule"
	"equifm/nn/safetensors"
)

// draw carries noise to molecules without more noise on the way, and returns those that are
// stable and in one piece, each with the noise that it came from. What is learned is the
// molecule as data have it: one-hots without rounding, its centre at the origin.
func draw(m *trained.Model, o trained.Options) (pairs []flow.Example[float32], err error) {
	if err := plain(m); err != nil {
		return nil, err
	}
	sampler, err := m.Sampler(o)
	if err != nil {
		return nil, err
	}
	sizes, _, err := m.Draw(o)
	if err != nil {
		return nil, err
	}
	noise, err := sampler.Prior(sizes)
	if err != nil {
		return nil, err
	}
	sampler.Start = flow.Start[float32]{At: 1, States: noise}
	states, _, err := sampler.Sample(sizes, nil)
	if err != nil {
		return nil, err
	}
	vocabulary := m.Config.Vocabulary()
	for i, s := range states {
		mol := datasets.Decode(vocabulary, s.X, s.H)
		if j := m.Judge([]*molecule.Molecule{mol})[0]; !j.Stable || j.Fragments != 1 {
			continue
		}
		e := flow.Example[float32]{Noise: &noise[i]}
		if e.X, e.H, err = datasets.Encode[float32](vocabulary, mol); err != nil {
			return nil, err
		}
		pairs = append(pairs, e)
	}
	return pairs, nil
}

// plain is an error for a model whose noise is not a standard normal for each number.
func plain(m *trained.Model) error {
	if m.Field.Context > 0 {
		return fmt.Errorf("%s: a model of %d columns of context, expected none", m.Config.Name, m.Field.Context)
	}
	if path := m.FlowPath(); path.Z != nil || schedule.Prior(path.X) != 1 || schedule.Prior(path.H) != 1 {
		return fmt.Errorf("%s: a path from noise that is not of width 1, expected one of linear and vp", m.Config.Name)
	}
	return nil
}

// write keeps pairs in a file, their atoms one after the other.
func write(path string, pairs []flow.Example[float32]) error {
	var sizes, x, h, z, eta []float32
	for _, p := range pairs {
		sizes = append(sizes, float32(p.Atoms()))
		x, h, z, eta = append(x, p.X...), append(h, p.H...), append(z, p.Noise.X...), append(eta, p.Noise.H...)
	}
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := safetensors.WriteSealed(out, []safetensors.Tensor{safetensors.New("sizes", sizes, len(sizes)), safetensors.New("x", x, len(x)),
		safetensors.New("h", h, len(h)), safetensors.New("noise.x", z, len(z)), safetensors.New("noise.h", eta, len(eta))}, nil); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// read returns the pairs of a file, with so many features an atom.
func read(path string, features int) (pairs []flow.Example[float32], err error) {
	f, err := safetensors.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var all [5][]float32
	for k, name := range []string{"sizes", "x", "h", "noise.x", "noise.h"} {
		if all[k], err = safetensors.ReadVector[float32](f, name); err != nil {
			return nil, err
		}
	}
	atoms := 0
	for _, n := range all[0] {
		atoms += int(n)
	}
	for k, width := range []int{3, features, 3, features} {
		if len(all[k+1]) != atoms*width {
			return nil, fmt.Errorf("%s: %d numbers in array %d, expected %d for each of %d atoms", path, len(all[k+1]), k+1, width, atoms)
		}
	}
	take := func(k, n int) (part []float32) {
		part, all[k] = all[k][:n:n], all[k][n:]
		return part
	}
	for _, size := range all[0] {
		n := int(size)
		e := flow.Example[float32]{State: flow.State[float32]{X: take(1, 3*n), H: take(2, features*n)},
			Noise: &flow.State[float32]{X: take(3, 3*n), H: take(4, features*n)}}
		pairs = append(pairs, e)
	}
	return pairs, nil
}
