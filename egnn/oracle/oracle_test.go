package oracle

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/autograd/gradcheck"
	"equifm/datasets"
	"equifm/molecule"
)

// some returns molecules from all over the built-in sample, whose alpha is what their
// atoms add up to: little that size tells.
func some(t *testing.T, from, n int) []molecule.Molecule {
	t.Helper()
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	mols := make([]molecule.Molecule, n)
	for i := range mols {
		mols[i] = set.Molecules[from+i*(len(set.Molecules)-from)/n] // in their order, molecules grow
		alpha := 0.0
		for _, e := range mols[i].Elements {
			alpha += map[molecule.Element]float64{molecule.H: 0.5, molecule.C: 2, molecule.N: 12, molecule.O: -8}[e]
		}
		mols[i].Properties = []molecule.Property{{Key: "alpha", Value: fmt.Sprint(alpha)}}
	}
	return mols
}

func small(steps int) Config {
	return Config{Property: "alpha", Hidden: 24, Edge: 8, Layers: 2, Steps: steps, Batch: 20, LR: 3e-3, Seed: 3}
}

// It learns what can be learned, better than the number of atoms tells, also of
// molecules that it has not seen; a file of it says the same.
func TestLearnsAndIsKept(t *testing.T) {
	learn, valid := some(t, 0, 300), some(t, 15, 100)
	last := 0
	o, err := Train(t.Context(), small(150), learn, valid, 2, func(step int, mae float64) { last = step })
	if err != nil {
		t.Fatal(err)
	}
	says, err := o.Predict(valid, 2)
	if err != nil {
		t.Fatal(err)
	}
	_, truth, _ := o.Quantity.Known(valid)
	_, values, _ := o.Quantity.Known(learn)
	bySize, plain := datasets.MedianBySize(learn, values), []float64(nil)
	for i := range valid {
		plain = append(plain, bySize(valid[i].Len()))
	}
	own, atoms := MAE(says, truth), MAE(plain, truth)
	t.Logf("error %.2f, by size alone %.2f, of %v", own, atoms, o.Scale)
	if last != 150 || o.Learned != 300 || !(own < atoms/3) {
		t.Errorf("after step %d, of %d molecules: error %.2f, by size alone %.2f", last, o.Learned, own, atoms)
	}
	path := filepath.Join(t.TempDir(), "oracle.safetensors")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(o.Write(f), f.Close()); err != nil {
		t.Fatal(err)
	}
	back, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := back.Predict(valid, 3)
	if err != nil || !slices.Equal(again, says) || back.Config != o.Config || back.Scale != o.Scale || back.Learned != 300 {
		t.Errorf("read back %+v, error %v; predictions the same: %t", back, err, slices.Equal(again, says))
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := 5; at < len(whole); at += len(whole) / 7 {
		bad := slices.Clone(whole)
		bad[at] ^= 4
		if err := os.WriteFile(path, bad, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(path); err == nil {
			t.Errorf("byte %d of the file has changed, and it is taken", at)
		}
	}
}

// The same seed gives the same bits for any number of workers; another one does not.
func TestSeedDecides(t *testing.T) {
	learn := some(t, 0, 50)
	of := func(workers int, seed uint64) []float64 {
		c := small(5)
		c.Seed = seed
		o, err := Train(t.Context(), c, learn, nil, workers, nil)
		if err != nil {
			t.Fatal(err)
		}
		says, err := o.Predict(learn, workers)
		if err != nil {
			t.Fatal(err)
		}
		return says
	}
	one := of(1, 3)
	if !slices.Equal(one, of(3, 3)) {
		t.Error("three workers learn other bits than one")
	}
	if slices.Equal(one, of(1, 4)) {
		t.Error("another seed learns the same")
	}
}

func TestLossGradient(t *testing.T) {
	y, target := gradcheck.Random(rand.New(rand.NewPCG(2, 2)), 6, 1), []float64{3, -3, 0.1, -0.4, 5, -5} // away from the kinks
	gradcheck.Check(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
		return absolute(tape, in[0], target, 7)
	}, y)
}

func TestRefusals(t *testing.T) {
	learn := some(t, 0, 10)
	train := func(c Config, mols []molecule.Molecule) error {
		_, err := Train(t.Context(), c, mols, nil, 1, nil)
		return err
	}
	c := small(2)
	with := func(change func(c *Config)) Config { d := c; change(&d); return d }
	strange := slices.Clone(learn)
	strange[3].Elements = slices.Repeat([]molecule.Element{92}, strange[3].Len())
	for want, err := range map[string]error{
		`unknown property "U0", expected one of alpha`:            train(with(func(c *Config) { c.Property = "U0" }), learn),
		`none of 10 molecules to learn has the property "Cv"`:     train(with(func(c *Config) { c.Property = "Cv" }), some(t, 0, 10)),
		"molecule 4 to learn: atom 1 is U":                        train(c, strange),
		"hidden = 0, edge = 8, layers = 2; expected 1 to 8192":    train(with(func(c *Config) { c.Hidden = 0 }), learn),
		"steps = 2, batch = 0; expected at least 1 each":          train(with(func(c *Config) { c.Batch = 0 }), learn),
		"lr = NaN, expected above 0":                              train(with(func(c *Config) { c.LR = math.NaN() }), learn),
		"alpha of mean 1 and mean absolute deviation 0, expected": train(c, alike(learn)),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	o, err := Train(t.Context(), c, learn, nil, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.Predict([]molecule.Molecule{learn[0], {}}, 1); err == nil || !strings.Contains(err.Error(), "molecule 2: it has no atoms") {
		t.Errorf("error %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Train(ended, c, learn, nil, 1, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	path := filepath.Join(t.TempDir(), "none")
	if err := os.WriteFile(path, []byte("nothing of the kind"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil || !strings.HasPrefix(err.Error(), path) {
		t.Errorf("error %v", err)
	}
}

// alike returns molecules of one value.
func alike(mols []molecule.Molecule) []molecule.Molecule {
	mols = slices.Clone(mols)
	for i := range mols {
		mols[i].Properties = []molecule.Property{{Key: "alpha", Value: "1"}}
	}
	return mols
}
