package flow_test

import (
	"math"
	"strings"
	"sync"
	"testing"

	"equifm/autograd"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn"
)

// scaling is a network by which the data are one molecule, times the context.
type scaling struct {
	params nn.Params[float64]
	path   flow.Path
	data   flow.State[float64]

	mu   sync.Mutex
	told []float64 // the context of every molecule it was shown, in time order for one worker
	at   []float64 // and its time
}

func (n *scaling) Params() *nn.Params[float64] { return &n.params }

func (n *scaling) Forward(tape *autograd.Tape[float64], _ nn.View[float64], sizes []int, x, h, cond *autograd.Tensor[float64]) (qx, qh *autograd.Tensor[float64], err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	qx, qh = tape.Result(x.Rows, 3, false), tape.Result(h.Rows, h.Cols, false)
	first, F := 0, h.Cols
	for _, atoms := range sizes {
		time, c := cond.Row(first)[0], cond.Row(first)[1]
		n.told, n.at = append(n.told, c), append(n.at, time)
		of := func(s schedule.Coefficients, data, at, q []float64) {
			scaled, z := make([]float64, len(at)), make([]float64, len(at))
			for i := range scaled {
				scaled[i] = c * data[i%len(data)]
			}
			answer(s, scaled, at, z, q)
		}
		of(n.path.X.At(time), n.data.X, x.Data[3*first:3*(first+atoms)], qx.Data[3*first:])
		of(n.path.H.At(time), n.data.H, h.Data[F*first:F*(first+atoms)], qh.Data[F*first:])
		first += atoms
	}
	return qx, qh, nil
}

// With guidance w a sample ends at what the network says at the context, and w times
// beyond what it says without: here at (1+w)·c times the data, whatever the solver. It
// takes two evaluations for one.
func TestGuidanceGoesBeyond(t *testing.T) {
	examples, _ := numbered(1)
	for solver := flow.Euler; solver <= flow.DPM; solver++ {
		var nfe [2]int
		for k, w := range []float64{0, 1.5} {
			net := &scaling{path: flow.Hybrid, data: examples[0].State}
			s := &flow.Sampler[float64]{Net: net, Path: flow.Hybrid, Solver: solver, Churn: flow.Churn{Factor: 1.1, From: 0.7, To: 0.1},
				Steps: 6, End: 0.05, Features: 3, Context: 1, Seed: 4, Workers: 1, Guidance: w}
			states, stats, err := s.Sample([]int{examples[0].Atoms()}, []float64{0.5})
			if err != nil {
				t.Fatal(err)
			}
			nfe[k] = stats.NFE
			for i, x := range examples[0].X {
				if got, want := states[0].X[i], (1+w)*0.5*x; math.Abs(got-want) > 1e-9 {
					t.Fatalf("%v, w = %v: x = %v, expected %v", solver, w, got, want)
				}
			}
			if len(net.told) != stats.NFE {
				t.Errorf("%v, w = %v: %d evaluations, NFE %d", solver, w, len(net.told), stats.NFE)
			}
		}
		if solver != flow.Dopri5 && nfe[1] != 2*nfe[0] {
			t.Errorf("%v: NFE %d without guidance, %d with", solver, nfe[0], nfe[1])
		}
	}
	for name, s := range map[string]*flow.Sampler[float64]{
		"negative":        {Guidance: -1, Context: 1},
		"without context": {Guidance: 1},
	} {
		s.Net, s.Path, s.Steps, s.Features = &scaling{path: flow.Hybrid}, flow.Hybrid, 2, 3
		if _, _, err := s.Sample([]int{2}, make([]float64, s.Context)); err == nil || !strings.Contains(err.Error(), "guidance") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// A context is left out as often as it is to be, by zeros, and everything else that is
// drawn is as it would be; for validation none is left out.
func TestDroppedContextsAreZeros(t *testing.T) {
	shown := func(drop float64) *scaling {
		examples := someMolecules[float64](7)
		for k := range examples {
			examples[k].Context = []float64{1}
		}
		net := &scaling{path: flow.Hybrid, data: flow.State[float64]{X: make([]float64, 3), H: make([]float64, 3)}}
		s := settings(1)
		s.Drop, s.Batch, s.Shard = drop, 16, 16
		tr, err := flow.NewTrainer(s, net, nn.NewAdamW(net.Params()), examples)
		if err != nil {
			t.Fatal(err)
		}
		for range 100 {
			if _, err := tr.Step(); err != nil {
				t.Fatal(err)
			}
		}
		trained := len(net.told)
		if _, err := tr.Validate(examples); err != nil {
			t.Fatal(err)
		}
		for _, c := range net.told[trained:] {
			if c != 1 {
				t.Errorf("validation shows context %v", c)
			}
		}
		net.told, net.at = net.told[:trained], net.at[:trained]
		return net
	}
	all, some := shown(0), shown(0.25)
	zeros := 0
	for k, c := range some.told {
		if all.told[k] != 1 || c != 0 && c != 1 || all.at[k] != some.at[k] {
			t.Fatalf("molecule %d: context %v at t = %v, of all shown %v at %v", k, c, some.at[k], all.told[k], all.at[k])
		}
		if c == 0 {
			zeros++
		}
	}
	if zeros < 320 || zeros > 480 { // of 1600: 400 ± 4.6 standard deviations
		t.Errorf("%d of %d contexts are left out, expected some 400", zeros, len(some.told))
	}
	s := settings(1)
	s.Drop = 1
	if _, err := flow.NewTrainer(s, &scaling{}, nil, someMolecules[float64](1)); err == nil || !strings.Contains(err.Error(), "left out") {
		t.Errorf("error %v", err)
	}
}
