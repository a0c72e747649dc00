package parallel

import (
	"errors"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// marks is a task that counts how often each part is done, and by which hands.
type marks struct {
	done  []atomic.Int64
	hands [16]atomic.Int64
	wait  func(hand, i int)
}

func (m *marks) Do(hand, i int) {
	m.done[i].Add(1)
	m.hands[hand].Add(1)
	if m.wait != nil {
		m.wait(hand, i)
	}
}

// Every part of what each task shares, job after job, is done once, for any number
// of hands, more or fewer than the tasks.
func TestTeamSharesEachPartOnce(t *testing.T) {
	for _, hands := range []int{0, 1, 2, 3, 8} {
		team := NewTeam(hands)
		for _, n := range []int{0, 1, 2, 5} {
			const parts, rounds = 7, 50
			tasks := make([]marks, n)
			err := team.Each(n, func(hand, i int) error {
				tasks[i].done = make([]atomic.Int64, parts)
				for range rounds {
					team.Share(hand, parts, &tasks[i])
				}
				return nil
			}, nil)
			if err != nil {
				t.Fatal(err)
			}
			for i := range tasks {
				for part := range parts {
					if got := tasks[i].done[part].Load(); got != rounds {
						t.Errorf("%d hands: part %d of task %d is done %d times of %d", hands, part, i, got, rounds)
					}
				}
			}
		}
	}
}

// One task alone is done by all hands: each of two parts waits for the other. The
// free hand is asleep by then.
func TestTeamHelpsAndWakes(t *testing.T) {
	team := NewTeam(2)
	var begun atomic.Int64
	m := &marks{done: make([]atomic.Int64, 2), wait: func(int, int) {
		begun.Add(1)
		for until := time.Now().Add(10 * time.Second); begun.Load() < 2; runtime.Gosched() {
			if time.Now().After(until) {
				t.Error("nobody helps")
				return
			}
		}
	}}
	team.Each(1, func(hand, _ int) error {
		for until := time.Now().Add(10 * time.Second); team.asleep.Load() == 0 && time.Now().Before(until); {
			time.Sleep(time.Millisecond)
		}
		team.Share(hand, 2, m)
		return nil
	}, nil)
	if m.hands[0].Load() != 1 || m.hands[1].Load() != 1 {
		t.Errorf("parts by hand: %d, %d", m.hands[0].Load(), m.hands[1].Load())
	}
}

// A hand without a task is idle once, before it helps, and a task that fails ends all.
func TestTeamIdleAndFailure(t *testing.T) {
	for _, hands := range []int{1, 2, 4} {
		team := NewTeam(hands)
		var idle atomic.Int64
		if err := team.Each(3, func(int, int) error { return nil }, func() { idle.Add(1) }); err != nil || int(idle.Load()) != hands {
			t.Errorf("%d hands: idle %d times, error %v", hands, idle.Load(), err)
		}
		want := errors.New("task 1")
		var done []int
		err := team.Each(100, func(_, i int) error {
			if i == 1 {
				return want
			}
			if i == 0 {
				done = append(done, i)
			}
			return nil
		}, nil)
		if err != want || !slices.Equal(done, []int{0}) {
			t.Errorf("%d hands: error %v, done %v", hands, err, done)
		}
		if err := team.Each(2, func(int, int) error { return nil }, nil); err != nil {
			t.Errorf("%d hands: after a failure: %v", hands, err)
		}
	}
}
