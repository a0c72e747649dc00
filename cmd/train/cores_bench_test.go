package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"

	"equifm/autograd"
	"equifm/cmd/internal/run"
	"equifm/egnn"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/nn"
	"equifm/nn/parallel"
)

// BenchmarkOneMolecule is one molecule of 18 atoms drawn in 100 evaluations at the
// published size, which is as many cores' work as there are.
func BenchmarkOneMolecule(b *testing.B) {
	c, _, err := config.Load("qm9")
	if err != nil {
		b.Fatal(err)
	}
	c.Data.Source = "builtin"
	r, err := run.Prepare(c, runtime.GOMAXPROCS(0), io.Discard)
	if err != nil {
		b.Fatal(err)
	}
	o := r.Model.Options()
	o.Solver, o.Steps, o.Seed = flow.Euler, 100, 1
	sampler, err := r.Model.Sampler(o)
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for range b.N { // see BenchmarkTrainStep
		if _, _, err := sampler.Sample([]int{18}, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLargeMolecule is the gradient of one molecule of 500 atoms, at the
// published size, with its pairs in 32 groups.
func BenchmarkLargeMolecule(b *testing.B) {
	const atoms = 500
	c := egnn.QM9()
	c.Groups = 32
	net, err := egnn.New[float32](c)
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	net.Init(rng)
	x, h := make([]float32, 3*atoms), make([]float32, atoms*c.Features)
	flow.CentredNormal(rng, x)
	flow.Normal(rng, h)
	for i := range x {
		x[i] *= 5 // Å
	}
	team := parallel.NewTeam(runtime.GOMAXPROCS(0))
	tapes := make([]*autograd.Tape[float32], team.Hands())
	for i := range tapes {
		tapes[i] = autograd.NewTape[float32]()
	}
	autograd.Join(team, tapes)
	view, cond := net.Params().Bind(make([]float32, len(net.Params().Data))), make([]float32, atoms)
	b.ResetTimer()
	for range b.N {
		if err := team.Each(1, func(hand, _ int) error { return gradientOf(tapes[hand], net, view, x, h, cond) }, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(3*c.FLOPs(atoms, atoms*(atoms-1))*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
	var bytes int
	for _, t := range tapes {
		bytes += t.Bytes()
	}
	b.ReportMetric(float64(bytes)/(1<<20), "MiB-tapes")
}

// gradientOf takes the gradient of the sum of a network's answers for one molecule.
func gradientOf(t *autograd.Tape[float32], net *egnn.Field[float32], v nn.View[float32], x, h, cond []float32) error {
	t.Reset()
	n := len(cond)
	qx, qh, err := net.Forward(t, v, []int{n}, t.Const(n, 3, x), t.Const(n, len(h)/n, h), t.Const(n, 1, cond))
	if err != nil {
		return fmt.Errorf("%d atoms: %w", n, err)
	}
	t.Backward(autograd.Sum(t, autograd.Concat(t, qx, qh)))
	return nil
}
