package likelihood

import (
	"math/rand/v2"
	"slices"

	"equifm/autograd"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/nn"
)

type source = *rand.Rand

// walker follows one molecule at a time, for one goroutine.
type walker[T autograd.Float] struct {
	*Flow[T]
	solver *ode.Integrator[float64]
	tape   *autograd.Tape[T]
	view   nn.View[T]
	grid   []float64 // times, e to 1
	y      []float64 // the state, then the columns' integrals of the divergence

	atoms      int         // N
	exact      bool        // the trace
	directions [][]float64 // (3N + F·N) each
	columns    int         // divergences that are followed: 1 if exact, else one a direction
	sizes      []int       // of the copies in a pass
	times      []float64   //
}

// mostNFE ends a solver whose tolerance single precision cannot meet.
const mostNFE = 20_000

func (f *Flow[T]) newWalker() *walker[T] {
	params := f.Net.Params()
	data := f.Params
	if data == nil {
		data = params.Data
	}
	method, grid, control := ode.Dopri5, []float64{f.End, 1}, f.Control
	if f.Steps > 0 {
		method, grid = ode.RK4, flow.PowerGrid(1, f.End, 2, f.Steps)
		slices.Reverse(grid)
	} else if control.MaxNFE == 0 {
		control.MaxNFE = mostNFE
	}
	return &walker[T]{Flow: f, solver: ode.NewIntegrator[float64](method, control), grid: grid, tape: autograd.NewTape[T](), view: params.Freeze(data)}
}

// begin makes ready for a molecule of n atoms.
func (w *walker[T]) begin(n int, rng source) {
	w.atoms, w.directions = n, w.directions[:0]
	length := n * (3 + w.Features)
	w.exact = w.Trace == Exact || w.Trace == Auto && Dimensions(n, w.Features) <= smallest
	if !w.exact {
		for range max(w.Probes, 1) {
			w.directions = append(w.directions, probe(rng, n, length))
		}
		w.columns = len(w.directions)
		return
	}
	for k := range length { // tr PJP = Σ (P·e_k)ᵀJ(P·e_k), P the projection on what counts
		unit := make([]float64, length)
		unit[k] = 1
		flow.Centre(unit[:3*n])
		if n > 1 || k >= 3 {
			w.directions = append(w.directions, unit)
		}
	}
	w.columns = 1
}

// probe draws a direction of random signs, those of positions centred.
func probe(rng source, n, length int) []float64 {
	signs := make([]float64, length)
	for k := range signs {
		signs[k] = float64(1 - 2*int(rng.Uint64()>>63))
	}
	flow.Centre(signs[:3*n])
	return signs
}

// derivative writes dy/dt and the divergences into dydt: an ode.Derivative.
func (w *walker[T]) derivative(t float64, y, dydt []float64) error {
	length := w.atoms * (3 + w.Features)
	traces := dydt[length:]
	clear(traces)
	for from := 0; from < len(w.directions); from += w.copies() {
		some := w.directions[from:min(from+w.copies(), len(w.directions))]
		if err := w.pass(t, y[:length], dydt[:length], some, func(k int, product float64) {
			traces[min(from+k, w.columns-1)] += product
		}); err != nil {
			return err
		}
	}
	direct := w.direct(t)
	for k := range traces {
		traces[k] += direct
	}
	return nil
}

// mostPairs bounds the memory of a pass.
const mostPairs = 4096

// copies is how many of the molecule a pass takes, each for a direction of its own.
func (w *walker[T]) copies() int { return max(1, mostPairs/(w.atoms*w.atoms)) }

// direct is the part of the divergence that does not come through the network.
func (w *walker[T]) direct(t float64) float64 {
	n, F := float64(w.atoms), w.Features
	x, h, z := w.Output.Direct(w.Path, t)
	sum := w.Path.X.At(t).M * x * 3 * (n - 1)
	for k := range F {
		if k == F-1 {
			h = z
		}
		sum += w.channel(k).At(t).M * h * n
	}
	return sum
}

// pass evaluates the velocity, and for every direction ε the product εᵀJε of what comes
// through the network.
func (w *walker[T]) pass(t float64, y, v []float64, directions [][]float64, each func(k int, product float64)) error {
	n, F, tape := w.atoms, w.Features, w.tape
	rows := n * len(directions)
	tape.Reset()
	x, h, cond := tape.Result(rows, 3, true), tape.Result(rows, F, true), tape.Result(rows, 1+w.Context, false)
	w.sizes, w.times = w.sizes[:0], w.times[:0]
	for k := range directions {
		assign(x.Data[3*n*k:], y[:3*n])
		assign(h.Data[F*n*k:], y[3*n:])
		w.sizes, w.times = append(w.sizes, n), append(w.times, t)
	}
	clear(cond.Data)
	for i := range rows {
		cond.Row(i)[0] = T(t)
	}
	fx, fh, err := w.Net.Forward(tape, w.view, w.sizes, x, h, cond)
	if err != nil {
		return err
	}
	at := flow.State[T]{X: x.Data, H: h.Data}
	q := flow.Predict(tape, w.Output, w.Path, w.times, w.sizes, at, fx, fh)
	both := autograd.Concat(tape, q.QX, q.QH) // (N, 3+F)
	w.velocity(t, both.Data, v)
	tape.BackwardFrom(both, w.cotangent(t, directions))
	for k, d := range directions {
		product := 0.0
		for i, g := range x.Grad[3*n*k : 3*n*(k+1)] {
			product += float64(g) * d[i]
		}
		for i, g := range h.Grad[F*n*k : F*n*(k+1)] {
			product += float64(g) * d[3*n+i]
		}
		each(k, product)
	}
	return nil
}

// velocity writes M·q of the first molecule of a pass.
func (w *walker[T]) velocity(t float64, q []T, v []float64) {
	n, F := w.atoms, w.Features
	for i := range n {
		row := q[i*(3+F):]
		for k := range 3 {
			v[3*i+k] = w.Path.X.At(t).M * float64(row[k])
		}
		for k := range F {
			v[3*n+F*i+k] = w.channel(k).At(t).M * float64(row[3+k])
		}
	}
}

// cotangent returns M·ε for every direction, laid out as a pass's predictions.
func (w *walker[T]) cotangent(t float64, directions [][]float64) []T {
	n, F := w.atoms, w.Features
	c := w.tape.Slice(n * (3 + F) * len(directions))
	for m, d := range directions {
		for i := range n {
			row := c[(m*n+i)*(3+F):]
			for k := range 3 {
				row[k] = T(w.Path.X.At(t).M * d[3*i+k])
			}
			for k := range F {
				row[3+k] = T(w.channel(k).At(t).M * d[3*n+F*i+k])
			}
		}
	}
	return c
}

func assign[T autograd.Float](dst []T, src []float64) {
	for i, v := range src {
		dst[i] = T(v)
	}
}
