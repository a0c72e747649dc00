package flow_test

import (
	"math"
	"sync"
	"testing"

	"equifm/autograd"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/flow/schedule"
	"equifm/nn"
)

// knowing is a network that knows the data: the context of a molecule is its
// number. It finds the noise that lies behind the state it is shown, hands it
// to seen, and answers exactly.
type knowing struct {
	t      *testing.T
	params nn.Params[float64]
	path   flow.Path
	data   []flow.State[float64]

	mu   sync.Mutex
	seen func(k int, time float64, noise flow.State[float64])
}

func (n *knowing) Params() *nn.Params[float64] { return &n.params }

func (n *knowing) Forward(tape *autograd.Tape[float64], _ nn.View[float64], sizes []int, x, h, cond *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	qx, qh = tape.Result(x.Rows, 3, false), tape.Result(h.Rows, h.Cols, false)
	first, F := 0, h.Cols
	for _, atoms := range sizes {
		time, k := cond.Row(first)[0], int(cond.Row(first)[1])
		for i := first; i < first+atoms; i++ {
			if c := cond.Row(i); c[0] != time || int(c[1]) != k || len(n.data[k].X) != 3*atoms {
				n.t.Errorf("atom %d of molecule %d, %d atoms: condition %v", i-first, k, atoms, c)
			}
		}
		z := flow.State[float64]{X: make([]float64, 3*atoms), H: make([]float64, F*atoms)}
		answer(n.path.X.At(time), n.data[k].X, x.Data[3*first:], z.X, qx.Data[3*first:])
		answer(n.path.H.At(time), n.data[k].H, h.Data[F*first:], z.H, qh.Data[F*first:])
		n.seen(k, time, z)
		first += atoms
	}
	return qx, qh, nil
}

// answer solves at = α·data + σ·z for z and writes q.
func answer(c schedule.Coefficients, data, at, z, q []float64) {
	for i, x0 := range data {
		z[i] = (at[i] - c.Alpha*x0) / c.Sigma
		q[i] = c.QData*x0 + c.QNoise*z[i]
	}
}

// numbered are molecules whose context is their number.
func numbered(count int) (examples []flow.Example[float64], data []flow.State[float64]) {
	examples = someMolecules[float64](count)
	for k := range examples {
		examples[k].Context = []float64{float64(k)}
		data = append(data, examples[k].State)
	}
	return examples, data
}

// Told the truth, every solver ends at the data, each molecule at its own; and
// dopri5 keeps to the path, so that the noise behind the state stays what it
// was at t = 1, but for the regulariser of M and its stages of low order.
func TestExactNetworkLeadsToTheData(t *testing.T) {
	_, data := numbered(8)
	var sizes []int
	var context []float64
	for k, d := range data {
		sizes, context = append(sizes, len(d.X)/3), append(context, float64(k))
	}
	for solver := flow.Euler; solver <= flow.Karras; solver++ {
		start := make([]flow.State[float64], len(data))
		net := &knowing{t: t, path: flow.Hybrid, data: data, seen: func(k int, time float64, z flow.State[float64]) {
			if start[k].X == nil {
				start[k] = z
			}
			if solver != flow.Dopri5 {
				return
			}
			for i := range z.X {
				if math.Abs(z.X[i]-start[k].X[i]) > 1e-3 {
					t.Errorf("molecule %d at t = %.3f: x has noise %v, began with %v", k, time, z.X[i], start[k].X[i])
					return
				}
			}
			for i := range z.H {
				if math.Abs(z.H[i]-start[k].H[i]) > 0.05*(1+math.Abs(z.H[i])) {
					t.Errorf("molecule %d at t = %.3f: h has noise %v, began with %v", k, time, z.H[i], start[k].H[i])
					return
				}
			}
		}}
		s := &flow.Sampler[float64]{Net: net, Path: flow.Hybrid, Solver: solver, Control: ode.Control{RTol: 1e-6, ATol: 1e-6},
			Eta: 1, Churn: flow.Churn{Factor: 1.3, From: 0.75, To: 0.03}, Steps: 20, Grid: flow.GridQuadratic, End: 0.05, Features: 3, Context: 1, Shard: 3, Seed: 4, Workers: 2}
		states, _, err := s.Sample(sizes, context)
		if err != nil {
			t.Fatal(err)
		}
		for k, got := range states {
			off := 1e-9
			if solver == flow.Ancestral { // which draws x from as wide as the path is at t = 0
				off = 5 * schedule.Epsilon
			}
			e := apart(got.X, data[k].X)
			if e > off || solver == flow.Ancestral && len(got.X) > 3 && e < schedule.Epsilon/100 {
				t.Errorf("%v, molecule %d: %g from the data", solver, k, e)
			}
			if e := apart(got.H, data[k].H); e > 1e-9 {
				t.Errorf("%v, molecule %d: features %g from the data", solver, k, e)
			}
		}
	}
}

func apart(a, b []float64) (worst float64) {
	for i := range a {
		worst = max(worst, math.Abs(a[i]-b[i]))
	}
	return worst
}

// What the trainer shows a network is the path at the time that it says, of the
// molecule whose context it gives: the noise behind it is standard normal. Its
// answers are the targets: the loss is zero. Alignment moves the noise of the
// coordinates nearer, to a quarter of the cost here, and leaves that of the features alone.
func TestTrainerShowsThePath(t *testing.T) {
	var costs []float64
	for _, mode := range []eot.Mode{eot.None, eot.Both} {
		examples, data := numbered(23)
		var cost, squaresH, countH, times, count float64
		net := &knowing{t: t, path: flow.Hybrid, data: data, seen: func(k int, time float64, z flow.State[float64]) {
			if !(time >= 0 && time < 1) {
				t.Errorf("t = %v", time)
			}
			for i, v := range z.X {
				cost += (v - data[k].X[i]) * (v - data[k].X[i])
			}
			for _, v := range z.H {
				squaresH += v * v
			}
			countH += float64(len(z.H))
			times, count = times+time, count+1
		}}
		s := settings(2)
		s.Align.Mode = mode
		tr, err := flow.NewTrainer(s, net, nn.NewAdamW(net.Params()), examples)
		if err != nil {
			t.Fatal(err)
		}
		for range 200 {
			r, err := tr.Step()
			if err != nil {
				t.Fatal(err)
			}
			if r.Loss.X > 1e-18 || r.Loss.H > 1e-18 {
				t.Fatalf("step %d: loss %+v of an exact network", r.Step, r.Loss)
			}
		}
		// 2000 molecules, about 30,000 features: four standard deviations.
		if got := squaresH / countH; math.Abs(got-1) > 4*math.Sqrt(2/countH) {
			t.Errorf("%v: features' noise has variance %.3f", mode, got)
		}
		if got := times / count; math.Abs(got-0.5) > 4*math.Sqrt(1/(12*count)) {
			t.Errorf("%v: mean time %.3f", mode, got)
		}
		costs = append(costs, cost/count)
	}
	if costs[1] > 0.7*costs[0] {
		t.Errorf("mean cost %.2f Å² as drawn, %.2f aligned", costs[0], costs[1])
	}
	t.Logf("mean cost %.2f Å² as drawn, %.2f aligned", costs[0], costs[1])
}
