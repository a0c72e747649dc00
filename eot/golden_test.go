package eot

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// golden is testdata/golden/geometry.json: SciPy's totals.
type golden struct {
	Assignment []struct {
		N     int
		Kind  string
		Cost  []float64 // (N, N)
		Total float64
	}
	Kabsch []struct {
		N         int
		Kind      string
		Start, To [][3]float64
		Squared   float64
	}
	EOT []struct {
		N                            int
		Noise, Data                  [][3]float64
		Untouched, Permuted, Aligned float64
	}
}

func flat(rows [][3]float64) []float64 {
	var out []float64
	for _, r := range rows {
		out = append(out, r[:]...)
	}
	return out
}

func sumSquares(x []float64) (s float64) {
	for _, v := range x {
		s += v * v
	}
	return s
}

func squaredDistance(a, b []float64) (s float64) {
	for i := range a {
		s += (a[i] - b[i]) * (a[i] - b[i])
	}
	return s
}

func TestGolden(t *testing.T) {
	raw, err := os.ReadFile("../testdata/golden/geometry.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Assignment) == 0 || len(g.Kabsch) == 0 || len(g.EOT) == 0 {
		t.Fatalf("%d assignments, %d rotations, %d alignments", len(g.Assignment), len(g.Kabsch), len(g.EOT))
	}
	t.Run("assignment", g.testAssignment)
	t.Run("kabsch", g.testKabsch)
	t.Run("eot", g.testEOT)
}

func (g golden) testAssignment(t *testing.T) {
	var a Assigner
	for _, c := range g.Assignment {
		_, total, err := a.Assign(c.Cost, c.N)
		// The absolute part is for totals that cancel to zero, sums of n terms of size 1.
		if err != nil || math.Abs(total-c.Total) > 1e-9*math.Abs(c.Total)+1e-14*float64(c.N) {
			t.Errorf("%s, n = %d: total %v, SciPy %v (%v)", c.Kind, c.N, total, c.Total, err)
		}
	}
}

func (g golden) testKabsch(t *testing.T) {
	for _, c := range g.Kabsch {
		from, to := flat(c.Start), flat(c.To)
		r, err := Rotation(from, to)
		if err != nil {
			t.Errorf("%s, n = %d: %v", c.Kind, c.N, err)
		}
		got := squaredDistance(turn(r, from), to)
		// Where the points coincide the sum is that of rounding: a rotation off by
		// 1e-13 rad moves points as far apart as their spread times that.
		zero := 1e-26 * (sumSquares(from) + sumSquares(to))
		if math.Abs(got-c.Squared) > 1e-9*c.Squared+zero {
			t.Errorf("%s, n = %d: %v, SciPy %v", c.Kind, c.N, got, c.Squared)
		}
	}
}

func (g golden) testEOT(t *testing.T) {
	const slack = 1e-9
	a := New(Options{Mode: Both})
	var ours, theirs float64
	for _, c := range g.EOT {
		z, x := flat(c.Noise), flat(c.Data)
		cost, _, err := a.Align(z, x, nil)
		if err != nil || math.Abs(cost-squaredDistance(z, x)) > slack {
			t.Errorf("n = %d: cost %v, noise lies at %v (%v)", c.N, cost, squaredDistance(z, x), err)
		}
		if cost > c.Permuted+slack || cost > c.Untouched+slack {
			t.Errorf("n = %d: cost %v above permuted %v or untouched %v", c.N, cost, c.Permuted, c.Untouched)
		}
		ours, theirs = ours+cost/float64(len(g.EOT)), theirs+c.Aligned/float64(len(g.EOT))
	}
	if ours > theirs+slack {
		t.Errorf("mean cost %v, SciPy's alternation %v", ours, theirs)
	}
	t.Logf("mean cost %.9f, SciPy's alternation %.9f", ours, theirs)
}

// turn returns R·p for each row of p.
func turn(r Matrix3, p []float64) []float64 {
	out := make([]float64, len(p))
	for i := 0; i < len(p); i += 3 {
		out[i], out[i+1], out[i+2] = r.Apply(p[i], p[i+1], p[i+2])
	}
	return out
}
