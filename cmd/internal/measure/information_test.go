package measure

import (
	"math"
	"testing"

	"equifm/datasets"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/flow/schedule"
)

// Of the built-in sample: carbon and hydrogen are most of its atoms, a path is nearer to
// itself than to another, and what is told of features rises towards the data.
func TestSource(t *testing.T) {
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := NewSource(set.Molecules, config.Default())
	if k := s.Kinds; k.Shares[0] < 0.4 || k.Shares[1] < 0.3 || k.Numbers[1] != 0.6 || k.Height != 0.25 || s.Variance < 1.7 || s.Variance > 2.3 || s.Free > 3 || s.Free < 2.7 {
		t.Errorf("%+v, variance %v Å² in %v dimensions an atom", k, s.Variance, s.Free)
	}
	for _, at := range []float64{0.02, 0.1, 0.3} {
		if table, exact := s.Features(flow.Hybrid, at), s.Kinds.Information(perNoise(flow.Hybrid.H, at), perNoise(flow.Hybrid.H, at)); math.Abs(table-exact) > 0.005 {
			t.Errorf("t = %v: %v nat of the table, %v by quadrature", at, table, exact)
		}
	}
	straight := flow.Path{X: schedule.Linear{}, H: schedule.Linear{}}
	hybrid, same := s.Alignment(flow.Hybrid), s.Alignment(straight)
	if !(same > 0.01 && hybrid > 0.01 && hybrid < 0.7 && same < 0.7 && hybrid != same) {
		t.Errorf("apart by %v on the hybrid path, by %v on the straight one", hybrid, same)
	}
	if half := s.Half(flow.Hybrid); math.Abs(s.Features(flow.Hybrid, half)/s.Features(flow.Hybrid, 0)-0.5) > 1e-6 {
		t.Errorf("at t = %v features tell %v of %v", half, s.Features(flow.Hybrid, half), s.Features(flow.Hybrid, 0))
	}
}
