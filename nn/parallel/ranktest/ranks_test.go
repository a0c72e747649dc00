package ranktest_test

import (
	"fmt"
	"slices"
	"testing"

	"equifm/nn/parallel"
	"equifm/nn/parallel/ranktest"
)

// Three ranks square ten numbers, each its own, and all know all of them then.
func Example() {
	squares := make([][]int, 3) // of each rank
	ranktest.Run(len(squares), func(r parallel.Ranks) {
		x := make([]int, 10)
		from, to := parallel.Own(r, len(x))
		for i := from; i < to; i++ {
			x[i] = i * i
		}
		parallel.Share(r, x)
		squares[r.Rank()] = x
	})
	for _, x := range squares {
		fmt.Println(x)
	}
	// Output:
	// [0 1 4 9 16 25 36 49 64 81]
	// [0 1 4 9 16 25 36 49 64 81]
	// [0 1 4 9 16 25 36 49 64 81]
}

// What is shared, gathered and exchanged comes whole to the ranks it is for, parts of no
// length among them.
func TestRanks(t *testing.T) {
	for _, size := range []int{1, 2, 3, 7} {
		ranktest.Run(size, func(r parallel.Ranks) {
			if err := ranktest.Check(r); err != nil {
				t.Errorf("%d ranks: %v", size, err)
			}
		})
	}
}

// Every task belongs to one rank, and no rank has two more than another.
func TestCut(t *testing.T) {
	for n := range 40 {
		for size := 1; size < 9; size++ {
			at, counts := 0, []int{}
			for rank := range size {
				from, to := parallel.Cut(n, rank, size)
				if from != at {
					t.Fatalf("%d tasks, rank %d of %d: from %d, want %d", n, rank, size, from, at)
				}
				at, counts = to, append(counts, to-from)
			}
			if at != n || slices.Max(counts)-slices.Min(counts) > 1 {
				t.Errorf("%d tasks for %d ranks: %v", n, size, counts)
			}
		}
	}
}
