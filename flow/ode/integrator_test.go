package ode

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"strings"
	"testing"
)

// logistic is y' = y·(1-y)·cos t, non-linear and non-autonomous.
func logistic(t float64, y, dydt []float64) error {
	for i, v := range y {
		dydt[i] = v * (1 - v) * math.Cos(t)
	}
	return nil
}

// logisticAt solves it: the logit of y grows by sin t.
func logisticAt(y0, t float64) float64 {
	return 1 / (1 + (1/y0-1)*math.Exp(-math.Sin(t)))
}

// The slope of log error against log step is the order; dopri5's with its step
// control out of play.
func TestSolverOrders(t *testing.T) {
	fifth := tableau{c: dopri5.c[:6], a: dopri5.a[:6], b: dopri5.a[6]}
	for order, methods := range map[float64][]tableau{
		1: {tableaux[Euler]}, 2: {tableaux[Midpoint], tableaux[Heun]}, 4: {tableaux[RK4]}, 5: {fifth},
	} {
		for _, m := range methods {
			if got := slope(func(h float64) float64 { return logisticError(t, m, h) }); math.Abs(got-order) > 0.1 {
				t.Errorf("order %.3f of the method with nodes %v, want %g", got, m.c, order)
			}
		}
	}
}

// slope is the regression of log f(h) on log h.
func slope(f func(h float64) float64) float64 {
	var n, sx, sy, sxx, sxy float64
	for h := 1. / 16; h > 1./130; h /= math.Sqrt2 {
		h := 1 / math.Round(1/h)
		x, y := math.Log(h), math.Log(f(h))
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// logisticError goes from t = 1 back to 0 in steps of h.
func logisticError(t *testing.T, m tableau, h float64) float64 {
	in := NewIntegrator[float64](Euler, Control{})
	in.reserve(1)
	y := []float64{logisticAt(0.2, 1)}
	steps := int(math.Round(1 / h))
	for i := range steps {
		if err := in.step(m, logistic, 1-h*float64(i), -h, y); err != nil {
			t.Fatal(err)
		}
	}
	if in.stats.NFE != steps*len(m.c) || in.stats.Steps != steps {
		t.Errorf("%d steps: %+v", steps, in.stats)
	}
	return math.Abs(y[0] - 0.2)
}

type odeCase struct {
	Name        string
	Params      map[string]float64
	Start       []float64
	End         float64
	RTol, ATol  float64
	SciPy       []float64
	Reference   []float64
	Evaluations int
}

func (c odeCase) field() Derivative[float64] {
	p := c.Params
	switch c.Name {
	case "spiral":
		return func(_ float64, y, d []float64) error {
			d[0], d[1] = -p["a"]*y[0]-p["b"]*y[1], p["b"]*y[0]-p["a"]*y[1]
			return nil
		}
	case "lotka-volterra":
		return func(_ float64, y, d []float64) error {
			d[0], d[1] = p["a"]*y[0]-p["b"]*y[0]*y[1], p["c"]*y[0]*y[1]-p["d"]*y[1]
			return nil
		}
	case "van-der-pol":
		return func(_ float64, y, d []float64) error {
			d[0], d[1] = y[1], p["mu"]*(1-y[0]*y[0])*y[1]-y[0]
			return nil
		}
	}
	return nil
}

// The tolerance bounds the error of a step, not of the whole: a problem that
// amplifies errors ends beyond it. SciPy's own error on the case, same method
// and step control, says by how much. Ours may be twice that, or a tenth of the
// tolerance where SciPy happened to end closer.
func TestGoldenODE(t *testing.T) {
	raw, err := os.ReadFile("../../testdata/golden/ode.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []odeCase
	if err := json.Unmarshal(raw, &cases); err != nil || len(cases) == 0 {
		t.Fatalf("%d cases: %v", len(cases), err)
	}
	for _, c := range cases {
		field := c.field()
		if field == nil {
			t.Fatalf("no problem called %q", c.Name)
		}
		in := NewIntegrator[float64](Dopri5, Control{RTol: c.RTol, ATol: c.ATol})
		y := append([]float64(nil), c.Start...)
		stats, err := in.Integrate(field, []float64{0, c.End}, y)
		if err != nil {
			t.Fatal(err)
		}
		var size float64
		for _, v := range c.Reference {
			size = max(size, math.Abs(v))
		}
		ours, theirs := worst(y, c.Reference), worst(c.SciPy, c.Reference)
		if limit := max(2*theirs, 0.1*(c.ATol+c.RTol*size)); ours > limit {
			t.Errorf("%s at %g: error %.3g, SciPy %.3g", c.Name, c.RTol, ours, theirs)
		}
		if r := float64(stats.NFE) / float64(c.Evaluations); r > 1.25 || r < 0.8 {
			t.Errorf("%s at %g: %d evaluations, SciPy %d", c.Name, c.RTol, stats.NFE, c.Evaluations)
		}
		t.Logf("%-14s %g: error %.3g (SciPy %.3g), NFE %d (SciPy %d)", c.Name, c.RTol, ours, theirs, stats.NFE, c.Evaluations)
	}
}

// The state of training is float32; the step control is float64 all the same.
func TestDopri5InFloat32(t *testing.T) {
	field := func(tm float64, y, d []float32) error {
		d[0], d[1] = -y[1], y[0]
		return nil
	}
	y := []float32{1, 0}
	stats, err := NewIntegrator[float32](Dopri5, Control{}).Integrate(field, []float64{1, 0}, y)
	if err != nil || math.Abs(float64(y[0])-math.Cos(1)) > 1e-4 || math.Abs(float64(y[1])+math.Sin(1)) > 1e-4 || stats.NFE > 50 {
		t.Errorf("a turn by one radian ends at %v: %+v, %v", y, stats, err)
	}
}

func TestIntegratorErrors(t *testing.T) {
	refuse := errors.New("refused")
	cases := map[string]struct {
		field Derivative[float64]
		start float64
		want  error
	}{
		"field error":  {func(float64, []float64, []float64) error { return refuse }, 1, refuse},
		"NaN field":    {func(_ float64, _, d []float64) error { d[0] = math.NaN(); return nil }, 1, ErrNonFinite},
		"NaN state":    {logistic, math.NaN(), ErrNonFinite},
		"blow-up":      {func(_ float64, y, d []float64) error { d[0] = y[0] * y[0] * y[0]; return nil }, 10, nil},
		"NaN from 0.5": {func(t float64, y, d []float64) error { d[0] = math.Sqrt(0.5 - t); return nil }, 1, ErrNonFinite},
	}
	for name, c := range cases {
		for s := Euler; s <= Dopri5; s++ {
			y := []float64{c.start}
			_, err := NewIntegrator[float64](s, Control{}).Integrate(c.field, uniform(0, 1, 20), y)
			if err == nil || (c.want != nil && !errors.Is(err, c.want)) {
				t.Errorf("%s, %v: error %v", name, s, err)
			}
		}
	}
	_, err := NewIntegrator[float64](Dopri5, Control{MaxNFE: 9}).Integrate(logistic, []float64{0, 1}, []float64{0.5})
	if err == nil || !strings.Contains(err.Error(), "9 evaluations") {
		t.Errorf("MaxNFE: error %v", err)
	}
}

func TestIntegratorDoesNotAllocate(t *testing.T) {
	grid := uniform(1, 0, 10)
	for s := Euler; s <= Dopri5; s++ {
		in := NewIntegrator[float64](s, Control{})
		y := make([]float64, 50)
		run := func() {
			for i := range y {
				y[i] = 0.3
			}
			if _, err := in.Integrate(logistic, grid, y); err != nil {
				t.Fatal(err)
			}
		}
		if n := testing.AllocsPerRun(5, run); n != 0 {
			t.Errorf("%v: %v allocations", s, n)
		}
	}
}

// uniform returns steps+1 times, evenly spaced.
func uniform(from, to float64, steps int) []float64 {
	grid := make([]float64, steps+1)
	for i := range grid {
		grid[i] = from + (to-from)*float64(i)/float64(steps)
	}
	return grid
}

// worst is the largest difference of two states.
func worst(a, b []float64) (e float64) {
	for i := range a {
		e = max(e, math.Abs(a[i]-b[i]))
	}
	return e
}
