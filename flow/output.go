package flow

import (
	"fmt"

	"equifm/autograd"
	"equifm/flow/internal/enum"
	"equifm/flow/schedule"
)

// Output says what a network's numbers (f_x, f_h) stand for, and so how they
// become the prediction (q̂_x, q̂_h). The loss is on q̂ whatever they stand for,
// but for the cross-entropy of FeatureTypes, and for the noise and the preconditioned
// outputs, where it is on f.
type Output struct {
	X CoordinateOutput
	H FeatureOutput

	Moments Moments // of the training set, if Measured
	Types   int     // FeatureTypes: how many of the first channels are a one-hot,
	Scale   float64 // and how high it is
}

// check returns an error for an output that F features or a path cannot have.
func (o Output) check(p Path, features int) error {
	if o.H == FeatureTypes && (o.Types < 1 || o.Types > features || !(o.Scale > 0)) {
		return fmt.Errorf("flow: %d types of height %v among %d features", o.Types, o.Scale, features)
	}
	for _, part := range []struct {
		of    string
		noise bool
		schedule.Schedule
	}{{"coordinates", o.X == CoordinateNoise, p.X}, {"features", o.H == FeatureNoise, p.H}, {"last channel", o.H == FeatureNoise, p.Z}} {
		if part.noise && part.Schedule != nil && part.At(1).Alpha == 0 {
			return fmt.Errorf("flow: the noise of %s says nothing of the data at t = 1, where %v has none left", part.of, part.Schedule)
		}
	}
	if m := o.Moments; o.X == CoordinatePreconditioned && !(m.Data > 0) || o.H == FeaturePreconditioned && !(m.Features > 0) {
		return fmt.Errorf("flow: data of mean square %v Å², features of %v: a preconditioned output needs more than 0", m.Data, m.Features)
	}
	return nil
}

// Measured says whether the output looks at the moments of the training set.
func (o Output) Measured() bool {
	return o.X == CoordinateResidual || o.X == CoordinatePreconditioned || o.H == FeaturePreconditioned
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
	// CoordinateNoise: f_x is ẑ, as in diffusion models such as EDM (Hoogeboom et al.
	// 2022, arXiv 2203.17003), and the loss is |ẑ - z|².
	CoordinateNoise
	// CoordinatePreconditioned: x̂₀ = c_skip·x + c_out·f_x of a network that is shown
	// c_in·x and ¼·log σ for the time, and the loss is on f_x: moments.go.
	CoordinatePreconditioned
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
	// FeatureNoise: f_h is the noise, and so is the loss.
	FeatureNoise
	// FeaturePreconditioned: as CoordinatePreconditioned, but that the time stays.
	FeaturePreconditioned
)

var (
	coordinateOutputs = []string{"velocity", "residual", "noise", "preconditioned"}
	featureOutputs    = []string{"velocity", "endpoint", "types", "noise", "preconditioned"}
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
	if o.X != CoordinateVelocity {
		out.QX = mixRows(t, perAtom(t, times, sizes, o.coordinates(p.X)), nil, at.X, fx)
	}
	if o.H == FeatureVelocity {
		return out
	}
	if o.H == FeatureTypes {
		out.Logits = autograd.Columns(t, fh, 0, o.Types)
		fh = typesEndPoint(t, fh, o.Types, o.Scale)
	}
	var last weights[T]
	if p.Z != nil {
		last = perAtom(t, times, sizes, o.features(p.Z))
	}
	out.QH = mixRows(t, perAtom(t, times, sizes, o.features(p.H)), last, at.H, fh)
	return out
}

// Direct returns how a prediction depends on the state other than through the
// network, at t: ∂q̂/∂state = Direct + what comes through f. h is that of the features,
// z that of their last channel, which may have a schedule of its own.
func (o Output) Direct(p Path, t float64) (x, h, z float64) {
	x, _ = o.coordinates(p.X)(t)
	h, _ = o.features(p.H)(t)
	if z = h; p.Z != nil {
		z, _ = o.features(p.Z)(t)
	}
	return x, h, z
}

// coordinates returns by t the weights of the state and of f in the prediction on a
// schedule, q̂_x = a·x_t + b·f_x.
func (o Output) coordinates(s schedule.Schedule) func(t float64) (a, b float64) {
	return func(t float64) (float64, float64) {
		switch c := s.At(t); o.X {
		case CoordinateResidual:
			return o.Moments.guess(c), 1
		case CoordinateNoise:
			return byNoise(c)
		case CoordinatePreconditioned:
			return precondition(c, o.Moments.Data).prediction(c)
		}
		return 0, 1
	}
}

// features returns the same of q̂_h = a·h_t + b·f_h; with FeatureTypes f_h is what the
// logits imply.
func (o Output) features(s schedule.Schedule) func(t float64) (a, b float64) {
	return func(t float64) (float64, float64) {
		switch c := s.At(t); o.H {
		case FeatureVelocity:
			return 0, 1
		case FeatureNoise:
			return byNoise(c)
		case FeaturePreconditioned:
			return precondition(c, o.Moments.Features).prediction(c)
		default: // h₀ = EndState·h_t + EndQ·q  ⇒  q̂_h = (ĥ₀ - EndState·h_t)/EndQ; vp: a·ĥ₀ - a²·h_t
			return -c.EndState / c.EndQ, 1 / c.EndQ
		}
	}
}

// byNoise returns the weights of x_t and ẑ in q̂: with x₀ = (x_t - σ·z)/α,
//
//	q = QData·x₀ + QNoise·z = QData/α·x_t + (QNoise - QData·σ/α)·z    vp: σ²·x_t - σ·z
func byNoise(c schedule.Coefficients) (a, b float64) {
	return c.QData / c.Alpha, c.QNoise - c.QData*c.Sigma/c.Alpha
}
