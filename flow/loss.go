package flow

import (
	"math"

	"equifm/autograd"
)

// Parts is a loss and what it is made of, each averaged over a molecule's atoms
// and over the batch.
type Parts struct {
	Total float64 // X + features·H + angle·Angle + pair·Pair
	X     float64 // |q̂_x - q_x|², Å²; of an output that the loss is on, |f_x - its target|²
	H     float64 // |q̂_h - q_h|², and so on; with FeatureTypes the types' cross-entropy in its place, nat
	Angle float64 // 1 - cos(q̂_x, q_x), the cosine distance between an atom's predicted displacement and the true one; no bond angle
	Pair  float64 // the pair loss (pairloss.go)
}

// Weights are those of a loss's parts; that of X is 1.
type Weights struct {
	Angle      float64 // 1 in the published code, 0 in the paper's text
	Features   float64 // 1 as published
	Pair       float64 // 0 as published
	PairCutoff float64 // Å: the pair loss is of pairs closer than this in the data,
	PairUntil  float64 // and of molecules at a time up to this
}

// Published are the weights that EquiFM's released model was trained with.
var Published = Weights{Angle: 1, Features: 1}

func (p *Parts) add(q Parts) {
	p.Total += q.Total
	p.X += q.X
	p.H += q.H
	p.Angle += q.Angle
	p.Pair += q.Pair
}

// lossOp is Σ_m 1/(B·n_m)·Σ_i∈m |q̂_x-q_x|² + features·|q̂_h-q_h|² +
// angle·(1-cos(q̂_x, q_x)): EquiFM eq. 12 and its published code's angle term.
type lossOp[T autograd.Float] struct {
	qx, qh *autograd.Tensor[T] // (N, 3), (N, F) prediction
	target State[T]
	sizes  []int
	batch  int // B, of the whole batch
	skip   int // channels of q̂_h left out, the first ones
	w      Weights
	scales []T // (molecules, 3) factors of the squares of x, of h and of h's last channel, or nil for 1
	y      *autograd.Tensor[T]
}

// cosineEps bounds |q̂_x||q_x| from below, as PyTorch's cosine_similarity does.
const cosineEps = 1e-8

// Loss returns the share of the molecules at hand in the loss of a batch of the
// given size, as a (1, 1) tensor, and its parts, without the pair loss. The
// first skip channels of the features are left out. The target is kept, not copied.
func Loss[T autograd.Float](t *autograd.Tape[T], qx, qh *autograd.Tensor[T], target State[T], sizes []int, batch, skip int, weights Weights) (*autograd.Tensor[T], Parts) {
	return squares(t, qx, qh, target, sizes, batch, skip, weights, nil, nil, nil)
}

// squares is Loss with factors by molecule, and without the angle of atoms whose place is
// told: of what is given, prediction and target are the same. It says X and H of each
// molecule, where each is not nil.
func squares[T autograd.Float](t *autograd.Tape[T], qx, qh *autograd.Tensor[T], target State[T], sizes []int, batch, skip int, weights Weights, scales []T, told []Told, each []Parts) (*autograd.Tensor[T], Parts) {
	y := t.Result(1, 1, qx.Grad != nil || qh.Grad != nil)
	o := autograd.OpStruct[lossOp[T]](t)
	*o = lossOp[T]{qx, qh, target, sizes, batch, skip, weights, scales, y}
	var parts Parts
	first := 0
	for m, n := range sizes {
		w := 1 / (float64(batch) * float64(n))
		sx, sh, last := o.of(m)
		var one Parts
		for i := first; i < first+n; i++ {
			row, want := qh.Row(i), target.H[qh.Cols*i:qh.Cols*(i+1)]
			x, h := w*sx*squaredError(qx.Row(i), target.X[3*i:3*i+3]), w*sh*squaredError(row[skip:], want[skip:])
			parts.X += x
			parts.H += h
			if k := qh.Cols - 1; last != sh && k >= skip {
				z := w * (last - sh) * squaredError(row[k:], want[k:])
				parts.H += z
				h += z
			}
			if told == nil || told[i]&PlaceTold == 0 {
				parts.Angle += w * (1 - o.cosine(i).value)
			}
			one.X, one.H = one.X+x, one.H+h
		}
		first += n
		if each != nil {
			each[m] = one.scaled(float64(batch))
		}
	}
	parts.Total = parts.X + weights.Features*parts.H + weights.Angle*parts.Angle
	y.Data[0] = T(parts.Total)
	if y.Grad != nil {
		t.Record(o)
	}
	return y, parts
}

func (o *lossOp[T]) Backward() {
	first, f := 0, o.qh.Cols
	for m, n := range o.sizes {
		w := float64(o.y.Grad[0]) / (float64(o.batch) * float64(n))
		sx, sh, last := o.of(m)
		for i := first; i < first+n; i++ {
			if o.qh.Grad != nil { // y = w·features·|q̂-q|²  ⇒  dq̂ += 2w·features·(q̂-q)
				for k := f*i + o.skip; k < f*(i+1); k++ {
					s := sh
					if k == f*(i+1)-1 {
						s = last
					}
					o.qh.Grad[k] += T(2 * w * s * o.w.Features * float64(o.qh.Data[k]-o.target.H[k]))
				}
			}
			if o.qx.Grad != nil {
				c := o.cosine(i)
				for k := 3 * i; k < 3*i+3; k++ {
					o.qx.Grad[k] += T(2 * w * sx * float64(o.qx.Data[k]-o.target.X[k]))
					// y = w·angle·(1 - a·b/(|a||b|))  ⇒  da -= w·angle·(b/(|a||b|) - cos·a/|a|²)
					o.qx.Grad[k] -= T(w * o.w.Angle * (float64(o.target.X[k])*c.inverse - c.radial*float64(o.qx.Data[k])))
				}
			}
		}
		first += n
	}
}

// of returns the factors of a molecule.
func (o *lossOp[T]) of(m int) (x, h, last float64) {
	if o.scales == nil {
		return 1, 1, 1
	}
	s := o.scales[3*m : 3*m+3]
	return float64(s[0]), float64(s[1]), float64(s[2])
}

// lossScales returns the factors that put the loss on f where the output wants it there:
// q̂ = a·state + b·f and q = a·state + b·f' for the right f', so |f - f'|² = |q̂ - q|²/b².
func lossScales[T autograd.Float](t *autograd.Tape[T], o Output, p Path, times []float64) []T {
	onX := o.X == CoordinateNoise || o.X == CoordinatePreconditioned
	onH := o.H == FeatureNoise || o.H == FeaturePreconditioned
	if !onX && !onH {
		return nil
	}
	scales := t.Slice(3 * len(times))
	for m, time := range times {
		factor := func(on bool, weights func(t float64) (a, b float64)) T {
			if _, b := weights(time); on {
				return T(1 / math.Max(b*b, 1e-12))
			}
			return 1
		}
		s := scales[3*m : 3*m+3]
		s[0], s[1] = factor(onX, o.coordinates(p.X)), factor(onH, o.features(p.H))
		if s[2] = s[1]; p.Z != nil {
			s[2] = factor(onH, o.features(p.Z))
		}
	}
	return scales
}

// cosine is cos(a, b) = a·b·inverse of a prediction a and its target b, with
// inverse = 1/max(|a||b|, ε), and radial = cos/|a|², 0 where ε holds.
type cosine struct{ value, inverse, radial float64 }

func (o *lossOp[T]) cosine(i int) (c cosine) {
	var ab, aa, bb float64
	for k := 3 * i; k < 3*i+3; k++ {
		a, b := float64(o.qx.Data[k]), float64(o.target.X[k])
		ab, aa, bb = ab+a*b, aa+a*a, bb+b*b
	}
	length := math.Sqrt(aa * bb)
	if length <= cosineEps {
		return cosine{ab / cosineEps, 1 / cosineEps, 0}
	}
	c = cosine{value: ab / length, inverse: 1 / length}
	c.radial = c.value / aa
	return c
}

func squaredError[T autograd.Float](a, b []T) (s float64) {
	for i := range a {
		d := float64(a[i]) - float64(b[i])
		s += d * d
	}
	return s
}

// scaled returns the parts times a factor.
func (p Parts) scaled(f float64) Parts {
	return Parts{f * p.Total, f * p.X, f * p.H, f * p.Angle, f * p.Pair}
}
