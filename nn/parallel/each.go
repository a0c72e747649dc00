package parallel

import (
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Each calls task(w, i) for i = 0 … n−1, each as soon as one of so many workers is
// free, and returns when all have returned. w, from 0 up to below workers, tells
// which worker it is: no two calls with the same w overlap. One worker, or none, is
// the caller's goroutine.
//
// The error is that of the lowest i to fail, as a loop from 0 on would return: the
// tasks before it have all been done. Some after it may have been, too.
func Each(n, workers int, task func(w, i int) error) error {
	if workers = min(workers, n); workers <= 1 {
		for i := range n {
			if err := task(0, i); err != nil {
				return err
			}
		}
		return nil
	}
	q := queue{n: n, failed: n, task: task}
	var g errgroup.Group
	for w := range workers {
		g.Go(func() error { return q.work(w) })
	}
	if g.Wait() != nil { // the first to fail; ours is the lowest
		return q.err
	}
	return nil
}

// queue is the tasks of one call of Each.
type queue struct {
	n    int
	task func(w, i int) error
	next atomic.Int64 // task to hand out

	mu     sync.Mutex
	failed int // the lowest that has; n where none
	err    error
}

// work does tasks until there are none, or one has failed. Tasks are handed out in
// order, so all below the one that failed are in some worker's hands by then, and
// a lower failure still comes to light.
func (q *queue) work(w int) error {
	for {
		i := int(q.next.Add(1)) - 1
		if i >= q.n {
			return nil
		}
		if err := q.task(w, i); err != nil {
			q.fail(i, err)
			return err
		}
	}
}

func (q *queue) fail(i int, err error) {
	q.next.Store(int64(q.n)) // nothing more is handed out
	q.mu.Lock()
	defer q.mu.Unlock()
	if i < q.failed {
		q.failed, q.err = i, err
	}
}
