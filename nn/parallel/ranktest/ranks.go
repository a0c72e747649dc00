package ranktest

import (
	"fmt"
	"sync"

	"equifm/nn/parallel"
)

// Run calls f once for each of so many ranks, at the same time, and returns when all have
// returned. What one of them returns that has not made the calls of the others leaves
// those waiting: let f fail on all ranks or on none.
func Run(size int, f func(r parallel.Ranks)) {
	meeting := newMeeting(size)
	var all sync.WaitGroup
	for k := range size {
		all.Go(func() { f(&rank{k, meeting}) })
	}
	all.Wait()
}

// rank is one of those at a meeting.
type rank struct {
	number int
	*meeting
}

func (r *rank) Rank() int { return r.number }
func (r *rank) Size() int { return len(r.brought) }

// Gather copies the others' parts.
func (r *rank) Gather(x []byte, ends []int) {
	check(x, ends, r.Size())
	r.meet(r.number, bundle{x, ends}, func(brought []bundle) {
		for k, b := range brought {
			if len(b.data) != len(x) {
				panic(fmt.Sprintf("ranktest: Gather: %d bytes at rank %d, %d at rank %d", len(b.data), k, len(x), r.number))
			}
			if k != r.number { // what it holds of the rest is not looked at
				copy(part(x, ends, k), part(b.data, b.ends, k))
			}
		}
	})
}

// Exchange copies what the others send here.
func (r *rank) Exchange(send []byte, sent []int, recv []byte, received []int) {
	check(send, sent, r.Size())
	check(recv, received, r.Size())
	r.meet(r.number, bundle{send, sent}, func(brought []bundle) {
		for k, b := range brought {
			from, to := part(b.data, b.ends, r.number), part(recv, received, k)
			if len(from) != len(to) {
				panic(fmt.Sprintf("ranktest: Exchange: rank %d sends %d bytes, rank %d expects %d", k, len(from), r.number, len(to)))
			}
			copy(to, from)
		}
	})
}

// part is a rank's part of x.
func part(x []byte, ends []int, rank int) []byte {
	if rank == 0 {
		return x[:ends[0]]
	}
	return x[ends[rank-1]:ends[rank]]
}

func check(x []byte, ends []int, size int) {
	if len(ends) != size || ends[size-1] > len(x) {
		panic(fmt.Sprintf("ranktest: %d parts up to %v of %d bytes, for %d ranks", len(ends), ends, len(x), size))
	}
}

// bundle is what a rank brings to a meeting.
type bundle struct {
	data []byte
	ends []int
}

// meeting is where ranks come together: twice a call, since what one brought the others
// read before it may go.
type meeting struct {
	mu      sync.Mutex
	changed sync.Cond
	brought []bundle
	here    int
	rounds  int
}

func newMeeting(size int) *meeting {
	m := &meeting{brought: make([]bundle, size)}
	m.changed.L = &m.mu
	return m
}

// meet brings a bundle, and has f read all of them when all are there.
func (m *meeting) meet(rank int, b bundle, f func(brought []bundle)) {
	m.brought[rank] = b
	m.wait()
	f(m.brought)
	m.wait()
}

// wait returns when all ranks have called it.
func (m *meeting) wait() {
	m.mu.Lock()
	defer m.mu.Unlock()
	round := m.rounds
	if m.here++; m.here == len(m.brought) {
		m.here = 0
		m.rounds++
		m.changed.Broadcast()
	}
	for round == m.rounds {
		m.changed.Wait()
	}
}
