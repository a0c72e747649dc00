package run

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"equifm/egnn/trained/config"
)

// warned returns the steps after which something is said, and the first of it.
func warned(steps int, loss, norm func(step int) float64) (at []int, first string) {
	w := watch{begun: true}
	for step := 1; step <= steps; step++ {
		if note := w.add(loss(step), norm(step), config.Default()); note != "" {
			if at = append(at, step); first == "" {
				first = note
			}
		}
	}
	return at, first
}

func unit(int) float64 { return 1 }

// A loss that leaves its history, from the beginning or later, and a gradient that does,
// are said with advice, and not at every turn.
func TestFaultDivergenceIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		loss, norm func(step int) float64
		at         int
		want       string
	}{
		"soon":     {func(k int) float64 { return math.Min(10*math.Exp(float64(k)/20), 23646) }, unit, 50, "is 35.8, and that of the first step"},
		"later":    {func(k int) float64 { return 1 + 7*float64(k/600) }, unit, 650, "is 8, and that of the first step"},
		"fallen":   {func(k int) float64 { return 5*math.Exp(-float64(k)/60) + 1 + 7*float64(k/600) }, unit, 650, "is 8, and was 1."},
		"tenfold":  {func(k int) float64 { return 1 + 9*float64(min(k/620, 1)) }, unit, 650, "the median loss of the last 50 steps is 10, and that of the first step"},
		"by turns": {func(k int) float64 { return 1 + 9*float64(min(k/600, 1)*min(k%3, 1)) }, unit, 650, "the median loss of the last 50 steps is 10"},
		"gradient": {unit, func(k int) float64 { return 1 + 100*float64(k/400) }, 450, "the median norm of the gradient over the last 50 steps is 101, and was 1 before"},
	} {
		at, first := warned(1000, c.loss, c.norm)
		if len(at) == 0 || at[0] != c.at || !strings.Contains(first, c.want) || !strings.Contains(first, "a smaller train.lr than 0.0001") || len(at) > 3 {
			t.Errorf("%s: said at %v: %s", name, at, first)
		}
	}
}

// Of training that goes well nothing is said, nor of a batch now and then whose loss and
// gradient are thousands of times the usual and gone with the next.
func TestHealthyTrainingIsSilent(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for name, value := range map[string]func(step int) float64{
		"falling":    func(k int) float64 { return 1 + 100*math.Exp(-float64(k)/50) },
		"noisy":      func(int) float64 { return math.Exp(0.8 * rng.NormFloat64()) },
		"spikes":     func(k int) float64 { return 1 + 60*float64(k%97/96) },
		"lone spike": func(k int) float64 { return 16 + 4e4*float64(k%937/936) },
		"few spikes": func(k int) float64 { return 12 + 3e5*float64(k%400/390) },
	} {
		for what, norm := range map[string]func(step int) float64{"loss": unit, "both": value} {
			if at, first := warned(5000, value, norm); at != nil {
				t.Errorf("%s, %s: said at %v: %s", name, what, at, first)
			}
		}
		if at, first := warned(5000, unit, value); at != nil {
			t.Errorf("%s, norm: said at %v: %s", name, at, first)
		}
	}
}
