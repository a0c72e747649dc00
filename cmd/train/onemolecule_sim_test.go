package main

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"equifm/autograd"
	"equifm/egnn"
	"equifm/flow"
)

// BenchmarkOneMoleculeCores is BenchmarkCores for one evaluation of the network on a
// molecule of 18 atoms at the published size. Beside how many times as fast more
// cores would be stand the number of jobs, each of which ends with hands waiting for
// each other, and the time between them, which no core shares. What it leaves out are the
// hand-overs and that each core fetches the weights that all need. Compare its 2 with
// BenchmarkOneMolecule at -cpu 1 and 2.
func BenchmarkOneMoleculeCores(b *testing.B) {
	const atoms, repeats = 18, 100
	net, err := egnn.New[float32](egnn.QM9())
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	net.Init(rng)
	x, h, cond := make([]float32, 3*atoms), make([]float32, atoms*net.Features), make([]float32, atoms)
	flow.CentredNormal(rng, x)
	flow.Normal(rng, h)
	view := net.Params().Freeze(net.Params().Data)
	for _, cores := range []int{2, 4, 8} {
		b.Run(fmt.Sprintf("cores=%d", cores), func(b *testing.B) {
			c := newClock(cores)
			autograd.Join(c, c.tapes)
			for range b.N {
				c.repeat(repeats, func() {
					t := c.tapes[0]
					t.Reset()
					c.begin()
					if _, _, err := net.Forward(t, view, []int{atoms}, t.Const(atoms, 3, x), t.Const(atoms, net.Features, h), t.Const(atoms, 1, cond)); err != nil {
						b.Fatal(err)
					}
					c.segment(nil)
				})
			}
			one, between := c.shards[0], 0.0
			for _, g := range one {
				between += g.alone
			}
			b.ReportMetric(one.work()/simulate(c.shards, cores), "times")
			b.ReportMetric(one.work()*1e6, "µs-one-core")
			b.ReportMetric(between*1e6, "µs-between")
			b.ReportMetric(float64(len(one)-1), "jobs")
		})
	}
}
