package flow_test

import (
	"math"
	"testing"

	"equifm/autograd"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/flow/schedule"
	"equifm/nn"
)

// Two modes on a line: a third of the mass at -1.2, the rest at 0.6, each 0.35 wide.
var (
	modes    = [2]float64{-1.2, 0.6}
	modeMass = [2]float64{1.0 / 3, 2.0 / 3}
)

const modeWidth = 0.35

// mixture is a network that knows the law: it answers q's mean given the state, feature
// by feature. Positions stay as they are.
type mixture struct {
	params nn.Params[float64]
	path   schedule.Schedule
}

func (n *mixture) Params() *nn.Params[float64] { return &n.params }

func (n *mixture) Forward(tape *autograd.Tape[float64], _ nn.View[float64], _ []int, x, h, cond *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	qx, qh = tape.Result(x.Rows, 3, false), tape.Result(h.Rows, h.Cols, false)
	c := n.path.At(cond.Data[0])
	for i, v := range h.Data {
		x0 := behind(c, v)
		qh.Data[i] = c.QData*x0 + c.QNoise*(v-c.Alpha*x0)/c.Sigma
	}
	return qx, qh, nil
}

// behind is E[x0 | xt]: the mean of each mode's, weighed by how likely the state is of it.
func behind(c schedule.Coefficients, xt float64) float64 {
	variance := c.Alpha*c.Alpha*modeWidth*modeWidth + c.Sigma*c.Sigma
	var logs, means [2]float64
	for k, m := range modes {
		off := xt - c.Alpha*m
		logs[k] = math.Log(modeMass[k]) - off*off/(2*variance)
		means[k] = m + c.Alpha*modeWidth*modeWidth/variance*off
	}
	second := 1 / (1 + math.Exp(logs[0]-logs[1]))
	return (1-second)*means[0] + second*means[1]
}

// modeMoments are mean and variance of the law.
func modeMoments() (mean, variance float64) {
	for k, m := range modes {
		mean += modeMass[k] * m
		variance += modeMass[k] * (m*m + modeWidth*modeWidth)
	}
	return mean, variance - mean*mean
}

// quantiles are atoms of noise, evenly spread over a normal law as wide as a path starts.
func quantiles(n int, width float64) flow.State[float64] {
	s := flow.State[float64]{X: make([]float64, 3*n), H: make([]float64, n)}
	for i := range s.H {
		s.H[i] = width * math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/float64(n)-1)
	}
	return s
}

// sampleMixture returns mean and variance of what a solver makes of the noise, and all of it.
func sampleMixture(t *testing.T, path schedule.Schedule, solver flow.Solver, grid flow.Grid, steps, atoms int) (mean, variance float64, h []float64) {
	t.Helper()
	s := &flow.Sampler[float64]{Net: &mixture{path: path}, Path: flow.Path{X: schedule.Linear{}, H: path}, Solver: solver, Grid: grid, Steps: steps, End: 1e-3,
		Control: ode.Control{RTol: 1e-4, ATol: 1e-4}, Eta: 0, Churn: flow.Churn{Factor: 1.2, From: 0.75, To: 0.03}, Features: 1, Seed: 3, Workers: 1,
		Start: flow.Start[float64]{At: 1, States: []flow.State[float64]{quantiles(atoms, schedule.Prior(path))}}}
	states, _, err := s.Sample([]int{atoms}, nil)
	if err != nil {
		t.Fatalf("%v by %v on %v: %v", path, solver, grid, err)
	}
	h = states[0].H
	for _, v := range h {
		mean += v / float64(atoms)
	}
	for _, v := range h {
		variance += (v - mean) * (v - mean) / float64(atoms)
	}
	return mean, variance, h
}

// Every solver on every grid draws, along every path, a law of two modes with its mean
// and its variance. Noise at the start is evenly spread, so that only solvers with noise on
// the way err by chance; the others by their steps.
func TestMixture(t *testing.T) {
	const atoms, steps = 400, 60
	wantMean, wantVariance := modeMoments()
	deviation := math.Sqrt(wantVariance)
	for _, name := range []string{"linear", "linear(0.01)", "vp-linear", "vp-poly", "vp-cosine", "learned", "edm", "ve(20)"} {
		path, err := schedule.Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		for solver := flow.Euler; solver <= flow.Karras; solver++ {
			for grid := flow.GridUniform; grid <= flow.GridKarras; grid++ {
				if solver == flow.Dopri5 && grid > 0 {
					continue
				}
				mean, variance, _ := sampleMixture(t, path, solver, grid, steps, atoms)
				off, spread := mixtureBias(name, solver, grid), 0.0
				if solver >= flow.Stochastic && solver != flow.DPM {
					spread = 4 / math.Sqrt(atoms)
				}
				if e := math.Abs(mean-wantMean) / deviation; e > off+spread {
					t.Errorf("%v by %v on %v: mean %.4f, the law's %.4f", name, solver, grid, mean, wantMean)
				}
				if e := math.Abs(variance/wantVariance - 1); e > 2*off+1.5*spread {
					t.Errorf("%v by %v on %v: variance %.4f, the law's %.4f", name, solver, grid, variance, wantVariance)
				}
			}
		}
	}
}

// mixtureBias is what a solver may err by in 60 steps, in the law's deviations.
func mixtureBias(path string, solver flow.Solver, grid flow.Grid) float64 {
	if even := grid == flow.GridUniform || grid == flow.GridArc; path == "ve(20)" && solver == flow.Euler && even {
		return 0.12 // steps of a third of an Å, as wide as a mode
	}
	return 0.05
}

// Twice the steps bring a solver as much nearer to where many lead as its order says:
// to 2 at most, for the last step, in closed form, is of that.
func TestMixtureOrders(t *testing.T) {
	const atoms = 60
	for _, name := range []string{"linear", "vp-cosine"} {
		path, _ := schedule.Parse(name)
		_, _, truth := sampleMixture(t, path, flow.RK4, flow.GridUniform, 4000, atoms)
		for solver, order := range map[flow.Solver]float64{flow.Euler: 1, flow.Midpoint: 2, flow.Heun: 2, flow.RK4: 2, flow.DPM: 2} {
			var errs []float64
			for _, steps := range []int{80, 160, 320} {
				_, _, h := sampleMixture(t, path, solver, flow.GridUniform, steps, atoms)
				sum := 0.0
				for i, v := range h {
					sum += (v - truth[i]) * (v - truth[i]) / atoms
				}
				errs = append(errs, math.Sqrt(sum))
			}
			got := math.Log2(errs[0]/errs[2]) / 2
			within := 0.1
			if name != "linear" || solver == flow.DPM { // M's regulariser, and a first step from where no data shows
				within = 0.4
			}
			if got < order-within {
				t.Errorf("%s by %v: errors %.3g, order %.2f, want %v", name, solver, errs, got, order)
			}
		}
	}
}
