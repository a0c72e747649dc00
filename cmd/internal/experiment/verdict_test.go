package experiment

import (
	"testing"

	"equifm/cmd/internal/bootstrap"
	"equifm/eot"
)

// Nothing is said of an interval that has 0 in it, of few seeds, or of no number; what
// is said has the figure's own direction.
func TestWord(t *testing.T) {
	for _, c := range []struct {
		low, high     float64
		better, seeds int
		want          string
	}{
		{1, 3, 1, 5, "better"}, {1, 3, -1, 5, "worse"}, {-3, -1, 1, 5, "worse"}, {-3, -1, -1, 5, "better"}, {1, 3, 0, 5, "more"}, {-3, -1, 0, 5, "less"},
		{-1, 3, 1, 5, tooFew}, {0, 3, 1, 5, tooFew}, {1, 3, 1, 4, tooFew}, {0, 0, 1, 5, "equal"},
	} {
		i := bootstrap.Interval{Mean: (c.low + c.high) / 2, Low: c.low, High: c.high}
		if got := word(i, c.better, c.seeds); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

// arm is one whose runs have these held-out losses.
func armOf(name string, losses ...float64) Arm {
	a := Arm{Name: name}
	for _, l := range losses {
		a.Results = append(a.Results, Result{Training: Training{Held: Held{Loss: l}}})
	}
	return a
}

// Two arms whose own intervals overlap are told apart by their pairs; losses of other
// targets, and arms that failed, are not.
func TestCompare(t *testing.T) {
	a, b := armOf("a", 1, 2, 3, 4, 5), armOf("b", 1.5, 2.5, 3.6, 4.5, 5.5)
	if v := compare(&b, &a, "heldout"); v.Text != "worse" || v.Difference.Low < 0.4 || v.Difference.High > 0.6 {
		t.Errorf("%+v", v)
	}
	if v := compare(&a, &b, "heldout"); v.Text != "better" {
		t.Errorf("%+v", v)
	}
	b.Config.EOT.Mode = eot.Both
	if v := compare(&b, &a, "heldout"); v.Text != "of other targets: does not compare" {
		t.Errorf("%+v", v)
	}
	b.Config, b.Results[1].Training.Failed = a.Config, "apart"
	if v := compare(&b, &a, "heldout"); v.Text != "failed with 1 of 5 seeds" {
		t.Errorf("%+v", v)
	}
	if v := compare(&a, &b, "heldout"); v.Text != tooFew {
		t.Errorf("%+v", v)
	}
}

// The place where a polygon is as good as a target, in either direction.
func TestCrossing(t *testing.T) {
	x := []float64{1, 2, 3}
	for _, c := range []struct {
		y              []float64
		target, better float64
		want           float64
	}{
		{[]float64{10, 6, 4}, 8, -1, 1.5}, {[]float64{10, 6, 4}, 5, -1, 2.5}, {[]float64{10, 6, 4}, 11, -1, 1}, {[]float64{1, 3, 5}, 4, 1, 2.5},
	} {
		if got := crossing(x, c.y, c.target, c.better); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
	if got := crossing(x, []float64{10, 6, 4}, 3, -1); got < 1e300 {
		t.Errorf("what is never reached is reached at %v", got)
	}
}
