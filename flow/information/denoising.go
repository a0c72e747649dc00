package information

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"

	"equifm/autograd"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn"
	"equifm/nn/parallel"
)

// Denoiser is a network that guesses data from what noise has left of them. Net, Path,
// Output and Times have to be said.
type Denoiser[T autograd.Float] struct {
	Net     flow.Network[T]
	Params  []T // what to evaluate with, such as an average; nil for Net's own
	Path    flow.Path
	Output  flow.Output
	Times   []float64   // falling, in [0, 1]
	Align   eot.Options // of positions and their noise; information is known without transport only
	Seed    uint64
	Round   int // has noise of its own
	Workers int // goroutines, 0 for as many as Go has processors; changes the speed, not one bit of the result
}

// Errors are the squared errors of guesses of molecules, by time: of positions, Å², of
// features but the last, and of that, each summed over atoms and channels.
type Errors struct {
	Times   []float64
	Atoms   []int       // (molecules)
	X, H, Z [][]float64 // (molecules, times)
}

// Errors measures them. Every molecule has one noise for all times, which depends on the
// seed, the round and its number alone.
func (d *Denoiser[T]) Errors(examples []flow.Example[T]) (*Errors, error) {
	if err := d.check(examples); err != nil {
		return nil, err
	}
	e := &Errors{Times: d.Times, Atoms: make([]int, len(examples)),
		X: make([][]float64, len(examples)), H: make([][]float64, len(examples)), Z: make([][]float64, len(examples))}
	params := d.Net.Params()
	data := d.Params
	if data == nil {
		data = params.Data
	}
	view, workers := params.Freeze(data), min(cmp.Or(d.Workers, runtime.GOMAXPROCS(0)), len(examples))
	tapes, align := make([]*autograd.Tape[T], workers), make([]*eot.Aligner, workers)
	for w := range tapes {
		tapes[w], align[w] = autograd.NewTape[T](), eot.New(d.Align)
	}
	return e, parallel.Each(len(examples), workers, func(w, m int) error {
		tapes[w].Reset()
		b, err := d.noisy(&examples[m], flow.DenoiseRand(d.Seed, d.Round, m), align[w])
		if err == nil {
			err = d.judge(tapes[w], view, b, e, m)
		}
		if err != nil {
			return fmt.Errorf("information: molecule %d: %w", m+1, err)
		}
		return nil
	})
}

// check returns an error that names the first setting out of range.
func (d *Denoiser[T]) check(examples []flow.Example[T]) error {
	if d.Net == nil || d.Net.Params() == nil || d.Path.X == nil || d.Path.H == nil {
		return errors.New("information: no network, or a path without a schedule for coordinates or for features")
	}
	if len(examples) == 0 || len(d.Times) < 2 {
		return fmt.Errorf("information: %d molecules and %d times, expected 1 and 2 or more", len(examples), len(d.Times))
	}
	for i, t := range d.Times {
		if !(t >= 0 && t <= 1) || i > 0 && t >= d.Times[i-1] {
			return fmt.Errorf("information: time %v at place %d, expected falling times in [0, 1]", t, i+1)
		}
	}
	for m := range examples {
		if n := examples[m].Atoms(); n < 1 || len(examples[m].X) != 3*n || len(examples[m].H)%n != 0 {
			return fmt.Errorf("information: molecule %d has %d coordinates and %d features", m+1, len(examples[m].X), len(examples[m].H))
		}
	}
	return nil
}

// noisy returns a batch of copies of one molecule with its noise, at all times.
func (d *Denoiser[T]) noisy(e *flow.Example[T], rng *rand.Rand, align *eot.Aligner) (*flow.Batch[T], error) {
	n, count := e.Atoms(), len(d.Times)
	z, x := make([]float64, 3*n), make([]float64, 3*n)
	flow.CentredNormal(rng, z)
	for i, v := range e.X {
		x[i] = float64(v)
	}
	if _, _, err := align.Align(z, x, rng); err != nil {
		return nil, err
	}
	noise := flow.State[T]{X: make([]T, 3*n), H: make([]T, len(e.H))}
	for i, v := range z {
		noise.X[i] = T(v)
	}
	flow.Normal(rng, noise.H)
	b := &flow.Batch[T]{Path: d.Path, Output: d.Output, Count: count, Times: d.Times, Data: e.State,
		At:   flow.State[T]{X: make([]T, 3*n*count), H: make([]T, len(e.H)*count)},
		Cond: make([]T, 0, n*count*(1+len(e.Context)))}
	target := flow.State[T]{X: make([]T, 3*n), H: make([]T, len(e.H))}
	for k, t := range d.Times {
		at := flow.State[T]{X: b.At.X[3*n*k : 3*n*(k+1)], H: b.At.H[len(e.H)*k : len(e.H)*(k+1)]}
		flow.Interpolate(d.Path, t, e.State, noise, at, target)
		b.Sizes = append(b.Sizes, n)
		for range n {
			b.Cond = append(append(b.Cond, T(t)), e.Context...)
		}
	}
	return b, nil
}

// judge fills in the errors of molecule m, whose copies are a batch.
func (d *Denoiser[T]) judge(tape *autograd.Tape[T], view nn.View[T], b *flow.Batch[T], e *Errors, m int) error {
	p, err := b.Predict(tape, d.Net, view)
	if err != nil {
		return err
	}
	n, count := b.Sizes[0], len(d.Times)
	F := len(b.Data.H) / n
	e.Atoms[m], e.X[m], e.H[m], e.Z[m] = n, make([]float64, count), make([]float64, count), make([]float64, count)
	guess := flow.State[T]{X: make([]T, 3*n), H: make([]T, F*n)}
	for k, t := range d.Times {
		at := flow.State[T]{X: b.At.X[3*n*k : 3*n*(k+1)], H: b.At.H[F*n*k : F*n*(k+1)]}
		flow.EndPoint(d.Path, t, at, flow.State[T]{X: p.QX.Data[3*n*k : 3*n*(k+1)], H: p.QH.Data[F*n*k : F*n*(k+1)]}, guess)
		for i, v := range guess.X {
			e.X[m][k] += square(float64(v - b.Data.X[i]))
		}
		for i, v := range guess.H {
			if to := square(float64(v - b.Data.H[i])); i%F == F-1 {
				e.Z[m][k] += to
			} else {
				e.H[m][k] += to
			}
		}
	}
	return nil
}

func square(x float64) float64 { return x * x }

// Information returns what positions and features have brought by each time, from above,
// nat an atom: ½∫ error ds of each, where both are seen. The standard errors are over
// molecules. It holds without transport.
func (e *Errors) Information(p flow.Path) (x, h []Estimate) {
	last := p.Z
	if last == nil {
		last = p.H
	}
	kinds, number := e.gained(p.H, e.H), e.gained(last, e.Z)
	for m := range kinds {
		for k := range kinds[m] {
			kinds[m][k] += number[m][k]
		}
	}
	return e.perAtom(e.gained(p.X, e.X)), e.perAtom(kinds)
}

// gained returns ½∫ error ds of every molecule, from s = 0 up to each time. Between two
// times 1/error of the mean is taken to run straight in s, as that of Gaussian data does;
// before the first the error to be what it is there.
func (e *Errors) gained(s schedule.Schedule, errors [][]float64) [][]float64 {
	i, mean := make([][]float64, len(errors)), make([]float64, len(e.Times))
	before := ratio(s, e.Times[0])
	for m := range errors {
		i[m] = make([]float64, len(e.Times))
		i[m][0] = before * errors[m][0] / 2
		for k, v := range errors[m] {
			mean[k] += v / float64(len(errors))
		}
	}
	for k := 1; k < len(e.Times); k++ {
		now := ratio(s, e.Times[k])
		weight := (now - before) / 2 * bend(mean[k-1], mean[k])
		for m, of := range errors {
			i[m][k] = i[m][k-1] + weight*(of[k-1]+of[k])/2
		}
		before = now
	}
	return i
}

// bend is the mean of an error whose reciprocal runs straight from that of a to that of
// b, over their own mean.
func bend(a, b float64) float64 {
	if a <= 0 || b <= 0 || math.Abs(a-b) < 1e-6*(a+b) {
		return 1
	}
	return a * b * math.Log(a/b) / (a - b) / ((a + b) / 2)
}

// ratio is s at a time.
func ratio(s schedule.Schedule, t float64) float64 {
	c := s.At(t)
	return square(c.Alpha / c.Sigma)
}

// perAtom averages over molecules, by time.
func (e *Errors) perAtom(values [][]float64) []Estimate {
	atoms := 0.0
	for _, n := range e.Atoms {
		atoms += float64(n) / float64(len(e.Atoms))
	}
	out := make([]Estimate, len(e.Times))
	for k := range out {
		var sum float64
		for m := range values {
			sum += values[m][k] / float64(len(values)) / atoms
		}
		var rest []float64
		for m := range values {
			rest = append(rest, (values[m][k]-sum*float64(e.Atoms[m]))/atoms)
		}
		out[k] = Estimate{sum, meanOf(rest).Error}
	}
	return out
}
