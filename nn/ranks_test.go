package nn

import (
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/nn/parallel"
	"equifm/nn/parallel/ranktest"
)

// Shards that lie with several ranks add up to the bits of shards that lie with one, for
// any number of ranks and shards, of fewer numbers than ranks too.
func TestRankSum(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for _, numbers := range []int{1, 40, 5000} {
		for _, n := range []int{1, 2, 7, 16} {
			shards := make([][]float32, n)
			for k := range shards {
				shards[k] = make([]float32, numbers)
				for i := range shards[k] {
					shards[k][i] = float32(rng.NormFloat64())
				}
			}
			want := make([]float32, numbers)
			SumShards(want, shards, 1)
			for _, size := range []int{1, 2, 3, 4, 7} {
				ranktest.Run(size, func(r parallel.Ranks) {
					sum := NewRankSum[float32](r, numbers)
					from, to := parallel.Own(r, n)
					for range 2 {
						if got := sum.Sum(shards[from:to], n, 2); !slices.Equal(got, want) {
							t.Errorf("%d numbers, %d shards, rank %d of %d: other bits than of one", numbers, n, r.Rank(), size)
						}
					}
				})
			}
		}
	}
}
