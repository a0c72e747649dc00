package main

import (
	"container/heap"
	"fmt"
	"io"
	"math"
	"testing"

	"equifm/autograd"
	"equifm/cmd/internal/run"
	"equifm/egnn/trained/config"
	"equifm/flow"
)

// BenchmarkCores says how many times as fast the gradient of a batch of 64 would be
// with more cores than there are: it is taken once, on one core, and timed shard by
// shard and part by part of what a shard shares; then as many hands as asked for do
// those tasks as parallel.Team has them done. What it leaves out: that memory and caches
// are shared, what waking a hand costs, and the optimiser's step. Compare its 2 with
// BenchmarkTrainStep at -cpu 1 and 2.
func BenchmarkCores(b *testing.B) {
	for _, w := range workloads[:4] {
		for _, groups := range []int{1, 8} {
			for _, cores := range []int{2, 4, 16, 64, 128} {
				b.Run(fmt.Sprintf("%s/groups=%d/cores=%d", w.name, groups, cores), func(b *testing.B) {
					c, _, err := config.Load("qm9")
					if err != nil {
						b.Fatal(err)
					}
					c.Data.Source, c.Train.Groups = "builtin", groups
					c.Network.Hidden, c.Network.Edge, c.Network.Layers = w.hidden, w.edge, w.layers
					r, err := run.Prepare(c, 1, io.Discard)
					if err != nil {
						b.Fatal(err)
					}
					trace := newTrace(r, cores)
					r.Trainer.Engine = trace
					var alone, together float64
					for range b.N + 1 { // the first grows the tape
						alone, together = 0, 0
						if _, err := r.Trainer.Step(); err != nil {
							b.Fatal(err)
						}
						for _, s := range trace.shards {
							alone += s.work()
						}
						together = simulate(trace.shards, cores)
					}
					b.ReportMetric(alone/together, "times")
					b.ReportMetric(100*alone/together/float64(cores), "%-of-cores")
				})
			}
		}
	}
}

// tasks is what one shard does, in seconds: alone, then in parts, and so on.
type tasks []segment

type segment struct {
	alone float64
	parts []float64
}

func (s tasks) work() (sum float64) {
	for _, g := range s {
		sum += g.alone
		for _, p := range g.parts {
			sum += p
		}
	}
	return sum
}

// trace is an engine that takes a batch's gradient by a clock.
type trace struct {
	*clock
	run  *run.Run
	grad []float32
}

func newTrace(r *run.Run, cores int) *trace {
	t := &trace{newClock(cores), r, make([]float32, len(r.Model.Field.Params().Data))}
	autograd.Join(t.clock, t.tapes)
	return t
}

// Gradient times the batch several times.
func (t *trace) Gradient(b *flow.Batch[float32], _ func()) (grad []float32, loss flow.Parts, err error) {
	t.repeat(5, func() {
		if err == nil {
			loss, err = t.gradient(b)
		}
	})
	return t.grad, loss, err
}

// gradient times the batch once.
func (t *trace) gradient(b *flow.Batch[float32]) (loss flow.Parts, err error) {
	clear(t.grad)
	view, tape := t.run.Model.Field.Params().Bind(t.grad), t.tapes[0]
	for k := range b.Shards {
		t.begin()
		part := b.Part(k)
		tape.Reset()
		p, err := part.Predict(tape, t.run.Model.Field, view)
		if err != nil {
			return loss, err
		}
		objective, parts := part.Objective(tape, p)
		tape.Backward(objective)
		t.segment(nil)
		loss = parts
	}
	return loss, nil
}

// simulate returns how long so many hands take for the shards: each takes the next
// shard that nobody has, does it alone where it must, shares what it can, and helps
// when no shard is left.
func simulate(shards []tasks, hands int) float64 {
	s := &simulation{shards: shards, own: make([]int, hands), at: make([]place, len(shards))}
	for hand := range hands {
		s.own[hand] = -1
		heap.Push(s, event{0, hand, -1})
	}
	end := 0.0
	for s.Len() > 0 {
		e := heap.Pop(s).(event)
		end = max(end, e.time)
		s.free(e)
	}
	return end
}

// place is how far a shard is: its segment, whether its own part is done, the parts
// handed out and those not done.
type place struct {
	segment, next, undone int
	open, waiting         bool
	owner                 int
}

// event is a hand that is free from some time on, with a part of a shard done or -1.
type event struct {
	time  float64
	hand  int
	shard int
}

type simulation struct {
	shards []tasks
	queue  int // shards handed out
	own    []int
	at     []place
	idle   []int
	events []event
}

func (s *simulation) Len() int           { return len(s.events) }
func (s *simulation) Less(i, j int) bool { return s.events[i].time < s.events[j].time }
func (s *simulation) Swap(i, j int)      { s.events[i], s.events[j] = s.events[j], s.events[i] }
func (s *simulation) Push(e any)         { s.events = append(s.events, e.(event)) }
func (s *simulation) Pop() any {
	e := s.events[len(s.events)-1]
	s.events = s.events[:len(s.events)-1]
	return e
}

// free gives a hand its next work.
func (s *simulation) free(e event) {
	if e.shard >= 0 {
		p := &s.at[e.shard]
		if p.undone--; p.undone == 0 && p.waiting {
			p.waiting = false
			heap.Push(s, event{e.time, p.owner, -1})
		}
	}
	if k := s.own[e.hand]; k >= 0 {
		if s.goOn(e.time, e.hand, k) {
			return
		}
		s.own[e.hand] = -1
	}
	if s.queue < len(s.shards) {
		k := s.queue
		s.queue++
		s.own[e.hand], s.at[k] = k, place{owner: e.hand}
		heap.Push(s, event{e.time + s.shards[k][0].alone, e.hand, -1})
		return
	}
	for k := range s.at {
		if s.part(e.time, e.hand, k) {
			return
		}
	}
	s.idle = append(s.idle, e.hand)
}

// goOn goes on with the hand's own shard, until it has ended.
func (s *simulation) goOn(now float64, hand, k int) bool {
	p := &s.at[k]
	if !p.open { // its own part of the segment is done
		p.open, p.next, p.undone = true, 0, len(s.shards[k][p.segment].parts)
		for _, h := range s.idle {
			heap.Push(s, event{now, h, -1})
		}
		s.idle = s.idle[:0]
	}
	if s.part(now, hand, k) {
		return true
	}
	if p.undone > 0 {
		p.waiting = true
		return true
	}
	p.open = false
	if p.segment++; p.segment == len(s.shards[k]) {
		p.segment = math.MaxInt
		return false
	}
	heap.Push(s, event{now + s.shards[k][p.segment].alone, hand, -1})
	return true
}

// part gives a hand a part of what a shard shares, if there is one.
func (s *simulation) part(now float64, hand, k int) bool {
	p := &s.at[k]
	if !p.open || p.next >= len(s.shards[k][p.segment].parts) {
		return false
	}
	cost := s.shards[k][p.segment].parts[p.next]
	p.next++
	heap.Push(s, event{now + cost, hand, k})
	return true
}

// A simulation with a known answer: one hand takes all the work; two hands halve two
// equal shards; many are bound by the longest way through.
func TestSimulate(t *testing.T) {
	shard := tasks{{1, []float64{2, 2, 2, 2}}, {1, nil}}
	for _, c := range []struct {
		shards int
		hands  int
		want   float64
	}{{1, 1, 10}, {2, 1, 20}, {2, 2, 10}, {1, 2, 6}, {1, 4, 4}, {1, 64, 4}, {2, 64, 4}, {3, 2, 16}} {
		shards := make([]tasks, c.shards)
		for i := range shards {
			shards[i] = shard
		}
		if got := simulate(shards, c.hands); got != c.want {
			t.Errorf("%d shards, %d hands: %v s, want %v", c.shards, c.hands, got, c.want)
		}
	}
}
