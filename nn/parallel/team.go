package parallel

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// Team is goroutines, its hands, that share out tasks as [Each] does, where a hand
// that finds no task left helps within those of the others: a batch of few large parts,
// or one of one, keeps all of them busy. As everywhere, which hand does what is
// chance, and what comes out is not.
type Team struct {
	jobs []job // by hand: what it shares
	left atomic.Int64
	end  atomic.Bool // no task is left, or one has failed

	mu     sync.Mutex // for sleepers
	wake   sync.Cond
	asleep atomic.Int64
}

// job is the parts of a task that a hand shares. Its task and n change while all parts
// are done, so who has been given a part may read them.
type job struct {
	task   interface{ Do(hand, i int) }
	n      int           // parts
	state  atomic.Uint64 // number of the job, and parts to hand out in the lower half
	undone atomic.Int64  // parts not done
	_      [64]byte      // hands don't disturb each other
}

// maxHands is the most that a team has; more would only look for work.
const maxHands = 256

// NewTeam returns a team of so many hands, from 1 to 256.
func NewTeam(hands int) *Team {
	t := &Team{jobs: make([]job, min(max(hands, 1), maxHands))}
	t.wake.L = &t.mu
	return t
}

// Hands returns the number of hands.
func (t *Team) Hands() int { return len(t.jobs) }

// Each is the function Each with the team's hands as workers: it calls task(hand,
// i) for i = 0 … n−1. A hand that finds none left calls idle, unless that is nil,
// and then helps those that Share. Calls take turns.
func (t *Team) Each(n int, task func(hand, i int) error, idle func()) error {
	hands := len(t.jobs)
	t.left.Store(int64(n))
	t.end.Store(n == 0)
	return Each(n+hands, hands, func(hand, i int) error {
		if i >= n {
			if idle != nil {
				idle()
			}
			t.help(hand)
			return nil
		}
		failed := true // or panics
		defer func() {
			if t.left.Add(-1) == 0 || failed {
				t.end.Store(true)
				t.wakeAll()
			}
		}()
		err := task(hand, i)
		failed = err != nil
		return err
	})
}

// Share calls task.Do(hand, i) for i = 0 … n−1, on the hand that calls and on those
// that are free, and returns when all have returned. It is called within a task
// of Each by the hand that has it, and not within Do.
func (t *Team) Share(hand, n int, task interface{ Do(hand, i int) }) {
	if len(t.jobs) == 1 {
		for i := range n {
			task.Do(hand, i)
		}
		return
	}
	j := &t.jobs[hand]
	j.task, j.n = task, n
	j.undone.Store(int64(n))
	j.state.Store((j.state.Load()>>32+1)<<32 | uint64(n))
	if t.asleep.Load() > 0 {
		t.wakeAll()
	}
	for j.do(hand) {
	}
	for looks := 0; j.undone.Load() > 0; looks++ { // in other hands
		if looks > spins {
			runtime.Gosched()
		}
	}
	j.task = nil
}

// open says whether there are parts to hand out.
func (j *job) open() bool { return uint32(j.state.Load()) > 0 }

// do does one part of the job, and says whether there was one.
func (j *job) do(hand int) bool {
	for {
		s := j.state.Load()
		left := int(uint32(s))
		if left == 0 {
			return false
		}
		if j.state.CompareAndSwap(s, s-1) {
			j.task.Do(hand, j.n-left)
			j.undone.Add(-1)
			return true
		}
	}
}

// A hand without work looks for it this often before it lets others have its thread, some
// 20 µs, and so often after that before it sleeps, some 50 µs. Between two jobs of a
// molecule's evaluation are a few µs: to be found looking takes a tenth of one, to be
// woken tens, and a hand that yields may go on on another's core, far from its data.
const (
	spins  = 1 << 13 // looks at one hand
	yields = 300
)

// help does parts of what the others share until no task is left.
func (t *Team) help(hand int) {
	spins := spins / len(t.jobs)
	for looks := 0; !t.end.Load(); looks++ {
		switch {
		case t.helpOne(hand):
			looks = 0
		case looks < spins:
		case looks < spins+yields:
			runtime.Gosched()
		default:
			t.sleep()
		}
	}
}

// helpOne does one part of what somebody shares, if anybody does.
func (t *Team) helpOne(hand int) bool {
	for k := range t.jobs {
		if t.jobs[(hand+k)%len(t.jobs)].do(hand) { // not all with the same
			return true
		}
	}
	return false
}

// sleep waits until somebody shares or all is over. Who shares looks for sleepers
// after the job is open; who sleeps is counted before it looks for jobs.
func (t *Team) sleep() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asleep.Add(1)
	defer t.asleep.Add(-1)
	for k := range t.jobs {
		if t.jobs[k].open() {
			return
		}
	}
	if !t.end.Load() {
		t.wake.Wait()
	}
}

func (t *Team) wakeAll() {
	t.mu.Lock()
	t.wake.Broadcast()
	t.mu.Unlock()
}
