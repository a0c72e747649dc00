package run

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// follow judges a save after every so many of the losses, and returns the step
// of the first that is refused, 0 for none.
func follow(every, steps int, loss func(step int) float64) int {
	var l losses
	var past []float64
	for step := 1; step <= steps; step++ {
		l.add(loss(step))
		if step%every == 0 {
			var err error
			if past, err = l.judge(past); err != nil {
				return step
			}
		}
	}
	return 0
}

// Losses of healthy training are never refused: falling steeply or slowly, noisy,
// with a step now and then of a hundred times the usual or one of ten thousand times, on a plateau after the
// rate was raised, and saved after every step.
func TestHealthyLossesAreSaved(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for name, loss := range map[string]func(step int) float64{
		"falling": func(step int) float64 { return 1 + 100*math.Exp(-float64(step)/50) },
		"noisy":   func(int) float64 { return math.Exp(1.5 * rng.NormFloat64()) },
		"spikes":  func(step int) float64 { return 1 + 99*float64(step%97/96) },
		"plateau": func(step int) float64 { return 1 + 4*float64(step/500) },
		"far out": func(step int) float64 {
			if step == 777 {
				return 3e4
			}
			return 3
		},
		"constant": func(int) float64 { return 2 },
	} {
		for _, every := range []int{1, 7, 100, 250} {
			if at := follow(every, 1000, loss); at > 0 {
				t.Errorf("%s, saved every %d: refused at step %d", name, every, at)
			}
		}
	}
}

func TestFaultLossesThatComeApart(t *testing.T) {
	burst := func(step int) float64 {
		if step > 600 {
			return 50
		}
		return 1
	}
	if at := follow(100, 1000, burst); at != 700 {
		t.Errorf("refused at step %d", at)
	}
	if at := follow(1, 1000, burst); at != 700 {
		t.Errorf("saved after every step: refused at step %d", at)
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1)} {
		if at := follow(5, 10, func(int) float64 { return bad }); at != 5 {
			t.Errorf("%v: refused at step %d", bad, at)
		}
	}
	l := losses(slices.Repeat([]float64{11}, 100))
	if _, err := l.judge([]float64{1, 1.01, 90}); err == nil || !strings.Contains(err.Error(), "is 11, above 10 times the 1.01") {
		t.Errorf("error %v", err)
	}
}

// The last nine means are kept, and what is given is not changed.
func TestPastMeans(t *testing.T) {
	past := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	given := slices.Clone(past)
	l := losses(slices.Repeat([]float64{10}, 100))
	got, err := l.judge(past)
	if err != nil || !slices.Equal(got, []float64{2, 3, 4, 5, 6, 7, 8, 9, 10}) || !slices.Equal(past, given) || len(l) != 0 {
		t.Errorf("means %v, error %v, %v left", got, err, l)
	}
	if got := median([]float64{4, 1, 3, 2}); got != 2.5 {
		t.Errorf("median %v", got)
	}
}
