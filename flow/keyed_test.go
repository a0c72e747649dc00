package flow_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"equifm/flow"
	"equifm/nn"
)

// A sample depends on the seed, its size and its index alone: not on the shard,
// nor on what is drawn beside it.
func TestSamplesDoNotDependOnNeighbours(t *testing.T) {
	for _, solver := range []flow.Solver{flow.Euler, flow.Stochastic, flow.DPM, flow.Ancestral, flow.Karras, flow.Dopri5} {
		of := func(shard int, sizes []int) []flow.State[float32] {
			s := sampler(t, 2)
			s.Shard, s.Solver, s.Eta, s.Churn = shard, solver, 1, flow.Churn{Factor: 1.2, From: 0.75, To: 0.03}
			states, _ := sample(t, s, sizes)
			return states
		}
		want := of(3, sampleSizes)
		others := slices.Clone(sampleSizes)
		others[0], others[7] = 12, 7
		for what, got := range map[string][]flow.State[float32]{
			"alone": of(1, sampleSizes), "all together": of(8, sampleSizes), "beside others": of(5, others), "of fewer": of(2, sampleSizes[:5])} {
			for m := range got {
				if what == "beside others" && (m == 0 || m == 7) {
					continue
				}
				if !slices.Equal(got[m].X, want[m].X) || !slices.Equal(got[m].H, want[m].H) {
					t.Errorf("%v: molecule %d drawn %s is another", solver, m, what)
				}
			}
		}
	}
	if a, b := flow.SizeRand(1, 5).Uint64(), flow.SizeRand(1, 6).Uint64(); a == b || a != flow.SizeRand(1, 5).Uint64() {
		t.Error("sizes are not keyed by the index")
	}
}

// What is drawn for a training molecule depends on the seed, the step and its
// place in the batch alone, whatever the shard.
func TestTrainingDrawsAreKeyedByMolecule(t *testing.T) {
	shown := func(shard int) map[string]int {
		examples, data := numbered(23)
		var mu sync.Mutex
		seen := map[string]int{}
		net := &knowing{t: t, path: flow.Hybrid, data: data, seen: func(k int, time float64, z flow.State[float64]) {
			mu.Lock()
			seen[fmt.Sprintf("%d %.9f %.7f %.7f", k, time, z.X, z.H)]++
			mu.Unlock()
		}}
		s := settings(2)
		s.Shard = shard
		tr, err := flow.NewTrainer(s, net, nn.NewAdamW(net.Params()), examples)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if _, err := tr.Step(); err != nil {
				t.Fatal(err)
			}
		}
		return seen
	}
	want := shown(3)
	for _, shard := range []int{1, 4, 10} {
		got := shown(shard)
		for key := range want {
			if got[key] != want[key] {
				t.Fatalf("shards of %d do not see %.40s…, which shards of 3 see", shard, key)
			}
		}
	}
	if len(want) != 50 {
		t.Errorf("%d molecules in 5 steps of 10", len(want))
	}
}
