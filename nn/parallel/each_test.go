package parallel

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// Every task is done once, by a worker there is, and by one at a time.
func TestEachTaskOnce(t *testing.T) {
	for _, n := range []int{0, 1, 2, 7, 1000} {
		for _, workers := range []int{-1, 0, 1, 2, 3, 16} {
			done, busy := make([]int, n), make([]atomic.Bool, max(workers, 1))
			err := Each(n, workers, func(w, i int) error {
				if !busy[w].CompareAndSwap(false, true) {
					t.Errorf("worker %d has two tasks", w)
				}
				done[i]++
				busy[w].Store(false)
				return nil
			})
			if err != nil || slices.ContainsFunc(done, func(c int) bool { return c != 1 }) {
				t.Errorf("%d tasks, %d workers: done %v times, error %v", n, workers, done, err)
			}
		}
	}
}

// Of several failures the lowest is returned, however late it comes, with all
// tasks below it done; few above it are begun.
func TestLowestFailure(t *testing.T) {
	for _, workers := range []int{0, 1, 2, 4, 8} {
		var done [100_000]atomic.Bool
		err := Each(len(done), workers, func(_, i int) error {
			switch i {
			case 20:
				time.Sleep(5 * time.Millisecond)
				return fmt.Errorf("task %d", i)
			case 21, 22, 23:
				return fmt.Errorf("task %d", i)
			}
			done[i].Store(true)
			return nil
		})
		if err == nil || err.Error() != "task 20" {
			t.Errorf("%d workers: error %v", workers, err)
		}
		for i := range 20 {
			if !done[i].Load() {
				t.Errorf("%d workers: task %d is not done", workers, i)
			}
		}
	}
}

// A failure ends the handing out: with two workers, and the first task waiting for
// the second to fail, few are begun after it.
func TestFailureEndsTheRest(t *testing.T) {
	failed := make(chan struct{})
	var began atomic.Int64
	err := Each(1000, 2, func(_, i int) error {
		began.Add(1)
		if i == 1 {
			close(failed)
			return fmt.Errorf("task 1")
		}
		<-failed
		time.Sleep(5 * time.Millisecond)
		return nil
	})
	if err == nil || began.Load() > 100 {
		t.Errorf("%d tasks begun, error %v", began.Load(), err)
	}
}

// What a call allocates grows with the workers and not with the tasks.
func TestAllocations(t *testing.T) {
	for _, workers := range []int{1, 4} {
		allocs := testing.AllocsPerRun(10, func() { Each(10_000, workers, func(_, _ int) error { return nil }) })
		if limit := 2 + 4*float64(workers-1); allocs > limit {
			t.Errorf("%d workers: %v allocations, want at most %v", workers, allocs, limit)
		}
	}
}
