package flow

import (
	"fmt"

	"equifm/autograd"
	"equifm/flow/internal/enum"
	"equifm/flow/schedule"
)

// Output says what a network's numbers (f_x, f_h) stand for, and so how they
// become the prediction (q̂_x, q̂_h). The loss is on q̂ whatever they stand for,
// but for the cross-entropy of FeatureTypes.
type Output struct {
	X CoordinateOutput
	H FeatureOutput

	Moments Moments // of the training set, for CoordinateResidual
	Types   int     // FeatureTypes: how many of the first channels are a one-hot,
	Scale   float64 // and how high it is
}

// check returns an error for an output that F features cannot have.
func (o Output) check(features int) error {
	if o.H == FeatureTypes && (o.Types < 1 || o.Types > features || !(o.Scale > 0)) {
		return fmt.Errorf("flow: %d types of height %v among %d features", o.Types, o.Scale, features)
	}
	return nil
}

// CoordinateOutput is what f_x stands for.
type CoordinateOutput int

const (
	// CoordinateVelocity: q̂_x = f_x, as published.
	CoordinateVelocity CoordinateOutput = iota
	// CoordinateResidual: q̂_x = a(t)·x_t + f_x. The network learns what the best
	// linear guess of the velocity leaves (the c_skip of Karras et al. 2022, arXiv
	// 2206.00364, on this path).
	CoordinateResidual
)

// FeatureOutput is what f_h stands for.
type FeatureOutput int

const (
	// FeatureVelocity: q̂_h = f_h, as published. M(t) multiplies its error.
	FeatureVelocity FeatureOutput = iota
	// FeatureEndPoint: f_h is ĥ₀. Where the data hardly show in h_t the velocity is
	// then right whatever the network says.
	FeatureEndPoint
	// FeatureTypes: as FeatureEndPoint, but the channels of the one-hot are logits,
	// whose softmax is learned by cross-entropy.
	FeatureTypes
)

var (
	coordinateOutputs = []string{"velocity", "residual"}
	featureOutputs    = []string{"velocity", "endpoint", "types"}
)

// String returns the name.
func (o CoordinateOutput) String() string { return enum.Name("CoordinateOutput", coordinateOutputs, o) }

// MarshalText writes the name; an output without one is an error.
func (o CoordinateOutput) MarshalText() ([]byte, error) {
	return enum.Marshal("output of coordinates", coordinateOutputs, o)
}

// UnmarshalText reads the name.
func (o *CoordinateOutput) UnmarshalText(text []byte) error {
	return enum.Unmarshal("output of coordinates", coordinateOutputs, text, o)
}

// String returns the name.
func (o FeatureOutput) String() string { return enum.Name("FeatureOutput", featureOutputs, o) }

// MarshalText writes the name; an output without one is an error.
func (o FeatureOutput) MarshalText() ([]byte, error) {
	return enum.Marshal("output of features", featureOutputs, o)
}

// UnmarshalText reads the name.
func (o *FeatureOutput) UnmarshalText(text []byte) error {
	return enum.Unmarshal("output of features", featureOutputs, text, o)
}

// Prediction is what a network's output stands for.
type Prediction[T autograd.Float] struct {
	QX, QH *autograd.Tensor[T] // (N, 3), (N, F)
	Logits *autograd.Tensor[T] // (N, Types) of FeatureTypes, or nil
}

// Predict turns the network's output (f_x, f_h) at the state at into a
// prediction. times holds t for every molecule, sizes its atoms.
func Predict[T autograd.Float](t *autograd.Tape[T], o Output, p Path, times []float64, sizes []int, at State[T], fx, fh *autograd.Tensor[T]) (out Prediction[T]) {
	if len(fx.Data) != len(at.X) || len(fh.Data) != len(at.H) {
		panic(fmt.Sprintf("flow: Predict: outputs %v and %v for %d coordinates and %d features", fx, fh, len(at.X), len(at.H)))
	}
	out = Prediction[T]{QX: fx, QH: fh}
	if o.X == CoordinateResidual { // q̂_x = a(t)·x_t + f_x
		out.QX = mixRows(t, perAtom(t, times, sizes, func(t float64) (float64, float64) {
			return o.Moments.guess(p.X.At(t)), 1
		}), nil, at.X, fx)
	}
	if o.H == FeatureVelocity {
		return out
	}
	if o.H == FeatureTypes {
		out.Logits = autograd.Columns(t, fh, 0, o.Types)
		fh = typesEndPoint(t, fh, o.Types, o.Scale)
	}
	// h₀ = EndState·h_t + EndQ·q  ⇒  q̂_h = (ĥ₀ - EndState·h_t)/EndQ; vp: a·ĥ₀ - a²·h_t
	out.QH = mixRows(t, perAtom(t, times, sizes, inverse(p.H)), perLast(t, times, sizes, p.Z), at.H, fh)
	return out
}

// Direct returns how a prediction depends on the state other than through the
// network, at t: ∂q̂/∂state = Direct + what comes through f. h is that of the features,
// z that of their last channel, which may have a schedule of its own.
func (o Output) Direct(p Path, t float64) (x, h, z float64) {
	if o.X == CoordinateResidual {
		x = o.Moments.guess(p.X.At(t))
	}
	if o.H == FeatureVelocity {
		return x, 0, 0
	}
	h, _ = inverse(p.H)(t)
	if z = h; p.Z != nil {
		z, _ = inverse(p.Z)(t)
	}
	return x, h, z
}

// inverse returns the weights of h_t and ĥ₀ in q̂_h, by t.
func inverse(s schedule.Schedule) func(t float64) (a, b float64) {
	return func(t float64) (float64, float64) {
		c := s.At(t)
		return -c.EndState / c.EndQ, 1 / c.EndQ
	}
}

// perLast returns the weights of the last channel where it has a schedule of its own.
func perLast[T autograd.Float](t *autograd.Tape[T], times []float64, sizes []int, z schedule.Schedule) weights[T] {
	if z == nil {
		return nil
	}
	return perAtom(t, times, sizes, inverse(z))
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
