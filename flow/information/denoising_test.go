package information

import (
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"equifm/autograd"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn"
)

// guessing is the best network for Gaussian data, or off by a factor.
type guessing struct {
	params nn.Params[float64]
	path   flow.Path
	x, h   float64 // variances
	off    float64 // of ĥ₀, over the best
}

func (g *guessing) Params() *nn.Params[float64] { return &g.params }

// Forward answers for molecules at times of their own.
func (g *guessing) Forward(tape *autograd.Tape[float64], _ nn.View[float64], _ []int, x, h, cond *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	qx, qh = tape.Result(x.Rows, 3, false), tape.Result(h.Rows, h.Cols, false)
	for i := range x.Rows {
		t := cond.Row(i)[0]
		ax, ah := slope(g.path.X, t, g.x, 1), slope(g.path.H, t, g.h, g.off)
		for k, v := range x.Row(i) {
			qx.Row(i)[k] = ax * v
		}
		for k, v := range h.Row(i) {
			qh.Row(i)[k] = ah * v
		}
	}
	return qx, qh, nil
}

// slope is q over the state, for the best guess of the data, times off.
func slope(s schedule.Schedule, t, variance, off float64) float64 {
	c := s.At(t)
	return (off*c.Alpha*variance/(c.Alpha*c.Alpha*variance+c.Sigma*c.Sigma) - c.EndState) / c.EndQ
}

func gaussianMolecules(n int) (examples []flow.Example[float64]) {
	rng := rand.New(rand.NewPCG(1, 2))
	for k := range n {
		e := flow.Example[float64]{State: flow.State[float64]{X: make([]float64, 3*(2+k%3)), H: make([]float64, 2*(2+k%3))}}
		flow.CentredNormal(rng, e.X)
		flow.Normal(rng, e.H)
		for i := range e.X {
			e.X[i] *= math.Sqrt(1.9)
		}
		for i := range e.H {
			e.H[i] *= 0.5
		}
		examples = append(examples, e)
	}
	return examples
}

// The error of the best network adds up to the closed form within 2%, on any path; of
// one that is off it adds up to more.
func TestInformationByDenoising(t *testing.T) {
	examples := gaussianMolecules(900)
	for _, path := range []flow.Path{{X: schedule.VPCosine, H: schedule.Linear{}}, {X: schedule.Linear{}, H: schedule.VPLinear, Z: schedule.VPLinear}} {
		d := &Denoiser[float64]{Net: &guessing{path: path, x: 1.9, h: 0.25, off: 1}, Path: path, Times: flow.PowerGrid(1, 0.02, 2, 16), Workers: 2}
		e, err := d.Errors(examples)
		if err != nil {
			t.Fatal(err)
		}
		x, h := e.Information(d.Path)
		d.Net.(*guessing).off = 1.3
		worse, err := d.Errors(examples)
		if err != nil {
			t.Fatal(err)
		}
		_, above := worse.Information(d.Path)
		for k, at := range d.Times {
			if at > 0.7 {
				continue // next to nothing: 2% of it is less than its error
			}
			cx, ch := path.X.At(at), path.H.At(at)
			wantX := 2 * Gaussian(cx.Alpha, cx.Sigma, 1.9, 0) // 3(N-1)/N of N = 2, 3, 4 weighed by N: 3·(1+2+3)/(2+3+4)
			wantH := 2 * Gaussian(ch.Alpha, ch.Sigma, 0.25, 0)
			if math.Abs(x[k].Value-wantX) > 0.02*wantX+3*x[k].Error || x[k].Error > 0.03*wantX {
				t.Errorf("%v, t = %.3f: positions %v, of %.4f", path.X, at, x[k], wantX)
			}
			if math.Abs(h[k].Value-wantH) > 0.02*wantH+3*h[k].Error || h[k].Error > 0.03*wantH {
				t.Errorf("%v, t = %.3f: features %v, of %.4f", path.H, at, h[k], wantH)
			}
			if above[k].Value < h[k].Value || at < 0.1 && above[k].Value < 1.02*h[k].Value {
				t.Errorf("%v, t = %.3f: features by a network that is off %v, by the best %v", path.H, at, above[k], h[k])
			}
		}
	}
}

// What is measured depends on the seed, the round and the molecule, not on the workers.
func TestErrorsAreTheSeeds(t *testing.T) {
	d := &Denoiser[float64]{Net: &guessing{path: flow.Hybrid, x: 1.9, h: 0.25, off: 1}, Path: flow.Hybrid, Times: []float64{1, 0.5, 0.1}, Seed: 3, Workers: 1}
	examples := gaussianMolecules(5)
	one, err := d.Errors(examples)
	if err != nil {
		t.Fatal(err)
	}
	d.Workers = 3
	if three, err := d.Errors(examples); err != nil || !reflect.DeepEqual(one, three) {
		t.Errorf("other workers, other errors: %v", err)
	}
	d.Round = 1
	if other, err := d.Errors(examples); err != nil || reflect.DeepEqual(one, other) {
		t.Errorf("another round has the same noise: %v", err)
	}
	d.Times = []float64{0.5, 0.7}
	if _, err := d.Errors(examples); err == nil || !strings.Contains(err.Error(), "falling times") {
		t.Errorf("error %v", err)
	}
}

// The schedule for an even rate has the information of its curve go evenly, and one for
// another curve does not.
func TestForRate(t *testing.T) {
	var places, times []float64
	for k := range 81 {
		places, times = append(places, -2+0.08*float64(k)), append(times, float64(k)/80)
	}
	two := Kinds{Shares: []float64{0.4, 0.6}, Height: 0.25}
	c := NewCurve(places, func(r float64) float64 { return two.Information(r, r) })
	if u := c.Unevenness(times, c.ForRate(times)); u > 5e-3 {
		t.Errorf("uneven by %v of all", u)
	}
	half := NewCurve(places, func(r float64) float64 { return two.Information(r/2, r/2) }) // half as much noise is thought to be as bad
	if u := c.Unevenness(times, half.ForRate(times)); u < 0.1 || u > 0.5 {
		t.Errorf("another curve's schedule is uneven by %v of all", u)
	}
}
