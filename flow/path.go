package flow

import (
	"errors"
	"fmt"

	"equifm/autograd"
	"equifm/flow/schedule"
)

// State is a molecule, its noise, its target or its velocity, row-major.
type State[T autograd.Float] struct {
	X []T // (N, 3)
	H []T // (N, F)
}

// Path selects the schedules of coordinates and of features.
type Path struct {
	X, H schedule.Schedule
	Z    schedule.Schedule // of the features' last channel, the charge of QM9; nil for H's
}

// Hybrid is the path of EquiFM: straight for coordinates, variance-preserving
// for features.
var Hybrid = Path{X: schedule.Linear{}, H: schedule.VPLinear}

// check returns an error for a path without a schedule.
func (p Path) check() error {
	if p.X == nil || p.H == nil {
		return errors.New("flow: the path has no schedule for coordinates or none for features; Hybrid has both")
	}
	return nil
}

// ParsePath reads the names of the two schedules.
func ParsePath(x, h string) (Path, error) {
	sx, err := schedule.Parse(x)
	if err != nil {
		return Path{}, err
	}
	sh, err := schedule.Parse(h)
	return Path{X: sx, H: sh}, err
}

// Interpolate writes the state at time t into at and what the network should answer
// there into target. Noise must be paired with data already (package eot); where
// both coordinates have their centre at the origin, so have at and target.
func Interpolate[T autograd.Float](p Path, t float64, data, noise, at, target State[T]) {
	c := p.X.At(t)
	mix(at.X, c.Alpha, data.X, c.Sigma, noise.X)
	mix(target.X, c.QData, data.X, c.QNoise, noise.X)
	for _, s := range spansOf(p, at) {
		c := s.At(t)
		s.each(func(from, to int) {
			mix(at.H[from:to], c.Alpha, data.H[from:to], c.Sigma, noise.H[from:to])
			mix(target.H[from:to], c.QData, data.H[from:to], c.QNoise, noise.H[from:to])
		})
	}
}

// Velocity writes the time derivative of the state that a prediction q stands
// for into v, which may be q.
func Velocity[T autograd.Float](p Path, t float64, q, v State[T]) {
	scale(v.X, p.X.At(t).M, q.X)
	for _, s := range spansOf(p, q) {
		m := s.At(t).M
		s.each(func(from, to int) { scale(v.H[from:to], m, q.H[from:to]) })
	}
}

// EndPoint writes the data that a state and the prediction q made there imply
// into data, which may be at.
func EndPoint[T autograd.Float](p Path, t float64, at, q, data State[T]) {
	c := p.X.At(t)
	mix(data.X, c.EndState, at.X, c.EndQ, q.X)
	for _, s := range spansOf(p, at) {
		c := s.At(t)
		s.each(func(from, to int) { mix(data.H[from:to], c.EndState, at.H[from:to], c.EndQ, q.H[from:to]) })
	}
}

// mix writes a·x + b·y into dst.
func mix[T autograd.Float](dst []T, a float64, x []T, b float64, y []T) {
	if len(dst) != len(x) || len(dst) != len(y) {
		panic(fmt.Sprintf("flow: path: arrays of %d, %d and %d", len(dst), len(x), len(y)))
	}
	ta, tb := T(a), T(b)
	for i := range dst {
		dst[i] = ta*x[i] + tb*y[i]
	}
}

// scale writes a·x into dst.
func scale[T autograd.Float](dst []T, a float64, x []T) {
	if len(dst) != len(x) {
		panic(fmt.Sprintf("flow: path: arrays of %d and %d", len(dst), len(x)))
	}
	for i := range dst {
		dst[i] = T(a) * x[i]
	}
}

// span is the channels of the features that run by one schedule.
type span struct {
	schedule.Schedule
	first, width, channels int // of every atom's channels, those from first on
	length                 int // of the features, N·F
}

// spansOf returns the spans of a state's features: one, or with Path.Z another for the
// last channel.
func spansOf[T autograd.Float](p Path, s State[T]) []span {
	n := len(s.H)
	if p.Z == nil || n == 0 {
		return []span{{p.H, 0, n, n, n}} // all at once
	}
	f := 3 * n / len(s.X)
	return []span{{p.H, 0, f - 1, f, n}, {p.Z, f - 1, 1, f, n}}
}

// each calls do for every stretch of the flat features (N, F) that is the span's.
func (s span) each(do func(from, to int)) {
	for from := s.first; from < s.length; from += s.channels {
		do(from, from+s.width)
	}
}

// weights are two numbers for every atom, (N, 2).
type weights[T autograd.Float] []T

func perAtom[T autograd.Float](t *autograd.Tape[T], times []float64, sizes []int, f func(t float64) (a, b float64)) weights[T] {
	atoms := 0
	for _, n := range sizes {
		atoms += n
	}
	w := t.Slice(2 * atoms)
	i := 0
	for m, n := range sizes {
		a, b := f(times[m])
		for range n {
			w[i], w[i+1] = T(a), T(b)
			i += 2
		}
	}
	return w
}

// mixRowsOp is y_i = a_i·s_i + b_i·f_i, s a constant; the last column may have weights
// of its own.
type mixRowsOp[T autograd.Float] struct {
	w    weights[T]          // (N, 2) a, b
	last weights[T]          // (N, 2) of the last column, or nil
	f, y *autograd.Tensor[T] // (N, C)
}

func mixRows[T autograd.Float](t *autograd.Tape[T], w, last weights[T], state []T, f *autograd.Tensor[T]) *autograd.Tensor[T] {
	y := t.Result(f.Rows, f.Cols, f.Grad != nil)
	for i := range f.Rows {
		a, b, s := w[2*i], w[2*i+1], state[i*f.Cols:(i+1)*f.Cols]
		row, fi := y.Row(i), f.Row(i)
		for k := range row {
			row[k] = a*s[k] + b*fi[k]
		}
		if k := f.Cols - 1; last != nil {
			row[k] = last[2*i]*s[k] + last[2*i+1]*fi[k]
		}
	}
	if y.Grad != nil {
		o := autograd.OpStruct[mixRowsOp[T]](t)
		*o = mixRowsOp[T]{w, last, f, y}
		t.Record(o)
	}
	return y
}

func (o *mixRowsOp[T]) Backward() {
	c := o.f.Cols
	for i := range o.f.Rows { // y_i = a_i·s_i + b_i·f_i  ⇒  df_i += b_i·dy_i
		b := o.w[2*i+1]
		for k := i * c; k < (i+1)*c; k++ {
			if o.last != nil && k == (i+1)*c-1 {
				b = o.last[2*i+1]
			}
			o.f.Grad[k] += b * o.y.Grad[k]
		}
	}
}
