package main

import (
	"io"
	"runtime"
	"testing"

	"equifm/cmd/internal/run"
	"equifm/egnn/trained/config"
	"equifm/flow"
)

// workloads are the networks that are compared with PyTorch, at batch 64 on
// QM9's real sizes: as published, smaller, and with the narrow pairs of the recipe.
var workloads = []struct {
	name                 string
	hidden, edge, layers int
	optimizer            config.Optimizer
	poles                int
}{
	{"hidden=256/layers=9", 256, 0, 9, config.AdamW, 0},
	{"hidden=128/layers=6", 128, 0, 6, config.AdamW, 0},
	{"hidden=64/layers=4", 64, 0, 4, config.AdamW, 0},
	{"hidden=256/edge=32/layers=6", 256, 32, 6, config.AdamW, 0},
	{"hidden=256/edge=32/layers=6/muon", 256, 32, 6, config.Muon, 0},
	{"hidden=256/edge=32/layers=6/muon/poles=2", 256, 32, 6, config.Muon, 2},
	{"hidden=256/edge=32/layers=6/muon/poles=1", 256, 32, 6, config.Muon, 1},
}

func eachWorkload(b *testing.B, f func(b *testing.B, r *run.Run)) {
	for _, w := range workloads {
		b.Run(w.name+"/batch=64", func(b *testing.B) {
			c, _, err := config.Load("qm9")
			if err != nil {
				b.Fatal(err)
			}
			c.Data.Source, c.Train.Optimizer, c.Train.MuonPoles = "builtin", w.optimizer, w.poles
			c.Network.Hidden, c.Network.Edge, c.Network.Layers = w.hidden, w.edge, w.layers
			r, err := run.Prepare(c, runtime.GOMAXPROCS(0), io.Discard)
			if err != nil {
				b.Fatal(err)
			}
			f(b, r)
		})
	}
}

// BenchmarkTrainStep is the whole step: path, alignment, forward, backward,
// clipping, AdamW and EMA. GFLOP/s counts needed arithmetic, three times the
// forward pass's; what backward computes again is not counted.
func BenchmarkTrainStep(b *testing.B) {
	eachWorkload(b, func(b *testing.B, r *run.Run) {
		for range 2 { // grow the tapes
			if _, err := r.Trainer.Step(); err != nil {
				b.Fatal(err)
			}
		}
		var atoms, pairs int
		b.ResetTimer()
		for range b.N { // b.Loop would keep the first -cpu's runs at the last's GOMAXPROCS
			report, err := r.Trainer.Step()
			if err != nil {
				b.Fatal(err)
			}
			atoms, pairs = atoms+report.Atoms, pairs+report.Pairs
		}
		rate(b, r, atoms, pairs, 3)
	})
}

// BenchmarkEvaluate is one evaluation of the network without gradients, a step
// of Euler's method, for 64 molecules.
func BenchmarkEvaluate(b *testing.B) {
	eachWorkload(b, func(b *testing.B, r *run.Run) {
		o := r.Model.Options()
		o.Solver, o.Steps, o.Seed = flow.Euler, 1, 1
		sampler, err := r.Model.Sampler(o)
		if err != nil {
			b.Fatal(err)
		}
		sizes, atoms, pairs := make([]int, 64), 0, 0
		for i := range sizes {
			sizes[i] = r.Examples[i*len(r.Examples)/len(sizes)].Atoms()
		}
		if _, _, err := sampler.Sample(sizes, nil); err != nil { // grow the tapes
			b.Fatal(err)
		}
		b.ResetTimer()
		for range b.N {
			if _, _, err := sampler.Sample(sizes, nil); err != nil {
				b.Fatal(err)
			}
			for _, n := range sizes {
				atoms, pairs = atoms+n, pairs+n*(n-1)
			}
		}
		rate(b, r, atoms, pairs, 1)
	})
}

// rate reports molecules and needed arithmetic a second, and the heap that Go
// holds from the system.
func rate(b *testing.B, r *run.Run, atoms, pairs int, passes float64) {
	seconds := b.Elapsed().Seconds()
	b.ReportMetric(64*float64(b.N)/seconds, "molecules/s")
	b.ReportMetric(passes*r.Model.Field.FLOPs(atoms, pairs)/seconds/1e9, "GFLOP/s")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapSys)/(1<<20), "MiB-heap")
}
