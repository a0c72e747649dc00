package main

import (
	"slices"
	"time"

	"equifm/autograd"
)

// clock stands in for a team of hands that takes all tasks on one core and times them,
// with tapes that cut their work for more.
type clock struct {
	tapes  []*autograd.Tape[float32]
	shards []tasks
	last   time.Time // when the segment at hand began
}

// newClock returns one whose tapes cut for so many cores, to be joined to it.
func newClock(cores int) *clock {
	c := new(clock)
	for range cores {
		c.tapes = append(c.tapes, autograd.NewTape[float32]())
	}
	return c
}

// repeat does something several times, and keeps the shortest of each task: the
// others had the core taken away.
func (c *clock) repeat(times int, do func()) {
	var least []tasks
	for range times {
		c.shards = nil
		do()
		if least == nil {
			least = slices.Clone(c.shards)
		}
		for k := range least {
			for i, g := range c.shards[k] {
				l := &least[k][i]
				l.alone = min(l.alone, g.alone)
				for j, p := range g.parts {
					l.parts[j] = min(l.parts[j], p)
				}
			}
		}
	}
	c.shards = least
}

// begin starts a shard.
func (c *clock) begin() { c.shards, c.last = append(c.shards, nil), time.Now() }

// Share times the parts.
func (c *clock) Share(hand, n int, task interface{ Do(hand, i int) }) {
	alone, parts := time.Since(c.last).Seconds(), make([]float64, n)
	for i := range parts {
		start := time.Now()
		task.Do(hand, i)
		parts[i] = time.Since(start).Seconds()
	}
	s := &c.shards[len(c.shards)-1]
	*s = append(*s, segment{alone, parts})
	c.last = time.Now()
}

// segment ends a shard with what it did last.
func (c *clock) segment(parts []float64) {
	s := &c.shards[len(c.shards)-1]
	*s = append(*s, segment{time.Since(c.last).Seconds(), parts})
}
