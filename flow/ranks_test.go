package flow_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"equifm/flow"
	"equifm/nn"
	"equifm/nn/parallel"
	"equifm/nn/parallel/ranktest"
)

// The same bits for any number of ranks, at every one of them, of what is learned, of the
// loss of molecules held out, and of a sample.
func TestRanksDoNotChangeABit(t *testing.T) {
	held := someMolecules[float32](40)[23:]
	want := newTrainer(t, 1)
	report := steps(t, want, 12)
	loss, err := want.Validate(held)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, 2, 3, 4} { // for four shards
		ranktest.Run(size, func(r parallel.Ranks) {
			s := settings(2)
			s.Ranks = r
			tr := trainerOf(t, s, someMolecules[float32](23))
			got := steps(t, tr, 12)
			got.Rounds = report.Rounds // each its own
			if got != report {
				t.Errorf("rank %d of %d reports %+v, one alone %+v", r.Rank(), size, got, report)
			}
			if !slices.Equal(tr.Net.Params().Data, want.Net.Params().Data) || !slices.Equal(tr.Average.Data, want.Average.Data) {
				t.Errorf("rank %d of %d has other parameters than one alone", r.Rank(), size)
			}
			if got, err := tr.Validate(held); err != nil || got != loss {
				t.Errorf("rank %d of %d: loss of the held out %+v, error %v; one alone %+v", r.Rank(), size, got, err, loss)
			}
		})
	}
}

// Who draws a batch's molecules is the rank that takes their shards, and nobody else.
func TestRanksDrawTheirOwn(t *testing.T) {
	all := seen(t, func(*flow.Settings) {})
	ranktest.Run(3, func(r parallel.Ranks) {
		some := seen(t, func(s *flow.Settings) { s.Ranks = r })
		m, at := 0, 0
		for k, n := range all.shards {
			from, to := parallel.Own(r, len(all.shards))
			for range n {
				end := at + 3*all.sizes[m]
				own, drawn := k >= from && k < to, slices.Equal(some.noise.X[at:end], all.noise.X[at:end])
				if own != drawn {
					t.Errorf("rank %d, molecule %d, of shard %d: drawn %t", r.Rank(), m, k, drawn)
				}
				m, at = m+1, end
			}
		}
	})
}

// More ranks than shards are refused: some would only wait.
func TestRanksWithoutShardsAreRefused(t *testing.T) {
	ranktest.Run(5, func(r parallel.Ranks) {
		s, net := settings(1), smallField[float32](t)
		s.Ranks = r
		_, err := flow.NewTrainer(s, net, nn.NewAdamW(net.Params()), someMolecules[float32](23))
		if err == nil || !strings.Contains(err.Error(), "5 ranks for the 4 shards") {
			t.Errorf("error %v", err)
		}
	})
}

// A sample is the same to the bit for any number of ranks, more than shards of it too, and
// all have all of it; so is what it cost.
func TestRanksSampleTheSame(t *testing.T) {
	sizes := []int{3, 5, 2, 7, 4, 4, 6, 1, 3}
	for _, solver := range []flow.Solver{flow.Euler, flow.Dopri5} {
		sampler := func(r parallel.Ranks) flow.Sampler[float32] {
			return flow.Sampler[float32]{Net: smallField[float32](t), Path: flow.Hybrid, Solver: solver, Steps: 3, End: 0.5,
				Features: 3, Shard: 2, Seed: 7, Workers: 2, Ranks: r}
		}
		alone := sampler(nil)
		want, cost, err := alone.Sample(sizes, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 2, 3, 11} {
			ranktest.Run(size, func(r parallel.Ranks) {
				s := sampler(r)
				if got, stats, err := s.Sample(sizes, nil); err != nil || stats != cost || !reflect.DeepEqual(got, want) {
					t.Errorf("%v, rank %d of %d: another sample than of one alone, at %+v, error %v", solver, r.Rank(), size, stats, err)
				}
			})
		}
	}
}
