package nn

import (
	"fmt"
	"math"

	"equifm/autograd"
	"equifm/autograd/kernel"
)

// Norm returns the Euclidean norm of x: the same bits for any number of workers.
func Norm[T autograd.Float](x []T, workers int) float64 {
	var squares [maxParts]float64
	parts(len(x), workers, func(i, lo, hi int) {
		squares[i] = kernel.SumSquares(x[lo:hi])
	})
	var sum float64
	for _, s := range squares {
		sum += s
	}
	return math.Sqrt(sum)
}

// sumBlock is how many numbers of dst stay in the first-level cache while the
// shards pass over them.
const sumBlock = 1 << 11

// SumShards writes dst = Σ shards, added in index order: the same bits for any
// number of workers. No shards sum to zero; dst may be the first of them.
func SumShards[T autograd.Float](dst []T, shards [][]T, workers int) {
	for i, s := range shards {
		if len(s) != len(dst) {
			panic(fmt.Sprintf("nn: SumShards: shard %d has %d numbers, the sum %d", i, len(s), len(dst)))
		}
	}
	if len(shards) == 0 {
		clear(dst)
		return
	}
	parts(len(dst), workers, func(_, lo, hi int) {
		for ; lo < hi; lo += sumBlock {
			end := min(lo+sumBlock, hi)
			copy(dst[lo:end], shards[0][lo:end])
			for _, s := range shards[1:] {
				kernel.Add(dst[lo:end], s[lo:end])
			}
		}
	})
}
