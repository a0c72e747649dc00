package flow_test

import (
	"math"
	"reflect"
	"strings"
	"testing"

	"equifm/autograd"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/nn"
)

// around is a network that knows the law of atoms about a part: places normal about twice
// the first given one, aroundWidth wide, and features of two modes.
type around struct{ params nn.Params[float64] }

const aroundWidth = 0.5

func (n *around) Params() *nn.Params[float64] { return &n.params }

func (n *around) Forward(tape *autograd.Tape[float64], _ nn.View[float64], _ []int, x, h, cond *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	qx, qh = tape.Result(x.Rows, 3, false), tape.Result(h.Rows, 1, false)
	c := flow.Hybrid.X.At(cond.Data[0])
	for i := range x.Rows {
		told := cond.Data[3*i+2] == 1
		for k := range 3 {
			mean := 2 * x.Data[k] / math.Hypot(c.Alpha, c.Sigma) // of the part's first atom, as it is shown
			x0 := mean + c.Alpha*aroundWidth*aroundWidth/(math.Pow(c.Alpha*aroundWidth, 2)+c.Sigma*c.Sigma)*(x.Data[3*i+k]-c.Alpha*mean)
			if qx.Data[3*i+k] = c.QData*x0 + c.QNoise*(x.Data[3*i+k]-c.Alpha*x0)/c.Sigma; told {
				qx.Data[3*i+k] = 0
			}
		}
	}
	c = flow.Hybrid.H.At(cond.Data[0])
	for i, v := range h.Data {
		x0 := behind(c, v)
		qh.Data[i] = c.QData*x0 + c.QNoise*(v-c.Alpha*x0)/c.Sigma
	}
	return qx, qh, nil
}

// aroundSampler draws atoms about a part of two, far from the origin.
func aroundSampler(solver flow.Solver, atoms, steps int) (s *flow.Sampler[float64], draw func() (flow.State[float64], ode.Stats, error)) {
	g := flow.Given[float64]{State: flow.State[float64]{X: make([]float64, 3*atoms), H: make([]float64, atoms)}, Told: make([]flow.Told, atoms)}
	copy(g.X, []float64{10.4, 20, -0.3, 9.6, 20, 0.3})
	g.Told[0], g.Told[1] = flow.PlaceTold|flow.TypeTold, flow.PlaceTold|flow.TypeTold
	s = &flow.Sampler[float64]{Net: &around{}, Path: flow.Hybrid, Solver: solver, Eta: 1, Churn: flow.Churn{Factor: 1.1, From: 0.75, To: 0.03},
		Steps: steps, Features: 1, Context: 2, Seed: 5, Workers: 1, Given: []flow.Given[float64]{g}}
	return s, func() (flow.State[float64], ode.Stats, error) {
		out, stats, err := s.Sample([]int{atoms}, make([]float64, 2))
		if err != nil {
			return flow.State[float64]{}, stats, err
		}
		return out[0], stats, nil
	}
}

// Steps that are taken again leave the law of what is made given the part, and the part,
// where they are; once is as not at all, to the bit.
func TestResampling(t *testing.T) {
	const atoms, steps = 600, 120
	wantMean, wantVariance := modeMoments()
	for solver := flow.Stochastic; solver <= flow.Karras; solver++ {
		s, draw := aroundSampler(solver, 20, 7)
		never, before, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		s.Resample = 1
		if once, _, err := draw(); err != nil || !reflect.DeepEqual(once, never) {
			t.Errorf("%v: every step once is another sample, error %v", solver, err)
		}
		s, draw = aroundSampler(solver, 20, 7)
		s.Resample = 4
		if _, after, err := draw(); err != nil || after.NFE != 4*(before.NFE-1)+1 || after.Steps != 4*(before.Steps-1)+1 {
			t.Errorf("%v: four times each is %+v, once %+v, error %v", solver, after, before, err)
		}
		s, draw = aroundSampler(solver, atoms, steps)
		s.Resample = 3
		got, _, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		part := s.Given[0].X
		if !reflect.DeepEqual(got.X[:6], part[:6]) {
			t.Errorf("%v: the part lies at %v", solver, got.X[:6])
		}
		var mean, square, meanH, squareH float64
		n := float64(atoms - 2)
		for i := 2; i < atoms; i++ {
			for k := range 3 { // about twice the first atom's place in the frame of the part's centre
				v := (got.X[3*i+k] - (part[k] + (part[k]-part[3+k])/2)) / aroundWidth
				mean, square = mean+v/(3*n), square+v*v/(3*n)
			}
			v := (got.H[i] - wantMean) / math.Sqrt(wantVariance)
			meanH, squareH = meanH+v/n, squareH+v*v/n
		}
		const bias = 0.08 // of so many steps of the first order, taken thrice
		if math.Abs(mean) > bias+4/math.Sqrt(3*n) || math.Abs(square-1) > bias+4*math.Sqrt(2/(3*n)) {
			t.Errorf("%v: places have mean %.3f and variance %.3f for 0 and 1", solver, mean, square)
		}
		if math.Abs(meanH) > bias+4/math.Sqrt(n) || math.Abs(squareH-1) > bias+4*math.Sqrt(2/n) {
			t.Errorf("%v: features have mean %.3f and variance %.3f for 0 and 1", solver, meanH, squareH)
		}
	}
}

// ownScheme is somebody's.
type ownScheme struct{}

func (ownScheme) Solve(*flow.Problem[float64], []float64, []float64) (ode.Stats, error) {
	return ode.Stats{}, nil
}

// A solver that puts no noise back cannot take a step again.
func TestResamplingIsRefused(t *testing.T) {
	for solver := flow.Euler; solver <= flow.Dopri5; solver++ {
		s, draw := aroundSampler(solver, 5, 3)
		s.End, s.Resample = 0.1, 2
		if _, _, err := draw(); err == nil || !strings.Contains(err.Error(), "every step taken 2 times by "+solver.String()) {
			t.Errorf("%v: error %v", solver, err)
		}
	}
	s, draw := aroundSampler(flow.DPM, 5, 3)
	s.Resample, s.Scheme = 2, ownScheme{}
	if _, _, err := draw(); err == nil || !strings.Contains(err.Error(), "ownScheme") {
		t.Errorf("a scheme of one's own: error %v", err)
	}
	s, draw = aroundSampler(flow.DPM, 5, 3)
	s.Resample = -1
	if _, _, err := draw(); err == nil || !strings.Contains(err.Error(), "-1 times, expected 0 or more") {
		t.Errorf("error %v", err)
	}
}
