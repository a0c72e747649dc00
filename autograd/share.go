package autograd

// Task is work in parts that may be done in any order, by several goroutines at
// once: a part writes to places that belong to its number. Do takes scratch memory
// from the tape that it is given, which has it back when it returns.
type Task[T Float] interface{ Do(scratch *Tape[T], i int) }

// Sharer hands the parts of a task to goroutines that are free; it calls Do with
// the number of the one that it runs on. See nn/parallel.
type Sharer interface {
	Share(hand, n int, task interface{ Do(hand, i int) })
}

// sharing is a tape's place among those of a team.
type sharing[T Float] struct {
	team  Sharer
	hand  int        // this tape's goroutine
	tapes []*Tape[T] // of all hands
	task  Task[T]    // what is being shared
}

// Join makes the tapes those of a team's goroutines, by number: what an operation
// shares on one of them is done by all whose goroutine is free.
func Join[T Float](team Sharer, tapes []*Tape[T]) {
	for hand, t := range tapes {
		t.sharing = sharing[T]{team: team, hand: hand, tapes: tapes}
	}
}

// Hands returns how many goroutines may do parts of what is shared, 1 for a tape by
// itself.
func (t *Tape[T]) Hands() int { return max(1, len(t.sharing.tapes)) }

// Share calls task.Do for every i below n and returns when all have returned: one
// after the other on a tape by itself, and on one of a team with whoever is free.
// Do must not share in its turn, nor record.
func (t *Tape[T]) Share(n int, task Task[T]) {
	s := &t.sharing
	if s.team == nil || n == 1 {
		for i := range n {
			t.lend(task, i)
		}
		return
	}
	s.task = task
	s.team.Share(s.hand, n, s)
	s.task = nil
}

// Do does part i of what is shared, on a hand.
func (s *sharing[T]) Do(hand, i int) { s.tapes[hand].lend(s.task, i) }

// lend does a part of a task and takes the scratch memory back.
func (t *Tape[T]) lend(task Task[T], i int) {
	chunk, used := t.numbers.chunk, t.numbers.used
	task.Do(t, i)
	t.numbers.chunk, t.numbers.used = chunk, used
}
