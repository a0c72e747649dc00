package flow

import (
	"math"

	"equifm/autograd"
)

// Parts is a loss and what it is made of, each averaged over a molecule's atoms
// and over the batch.
type Parts struct {
	Total float64 // X + H + angle·Angle
	X     float64 // |q̂_x - q_x|², Å²
	H     float64 // |q̂_h - q_h|²
	Angle float64 // 1 - cos(q̂_x, q_x)
}

func (p *Parts) add(q Parts) {
	p.Total += q.Total
	p.X += q.X
	p.H += q.H
	p.Angle += q.Angle
}

// lossOp is Σ_m 1/(B·n_m)·Σ_i∈m |q̂_x-q_x|² + |q̂_h-q_h|² + angle·(1-cos(q̂_x, q_x)):
// EquiFM eq. 12 and its published code's angle term.
type lossOp[T autograd.Float] struct {
	qx, qh *autograd.Tensor[T] // (N, 3), (N, F) prediction
	target State[T]
	sizes  []int
	batch  int     // B, of the whole batch
	angle  float64 // weight of the angle term
	y      *autograd.Tensor[T]
}

// cosineEps bounds |q̂_x||q_x| from below, as PyTorch's cosine_similarity does.
const cosineEps = 1e-8

// Loss returns the share of the molecules at hand in the loss of a batch of the
// given size, as a (1, 1) tensor, and its parts. The target is kept, not copied.
func Loss[T autograd.Float](t *autograd.Tape[T], qx, qh *autograd.Tensor[T], target State[T], sizes []int, batch int, angle float64) (*autograd.Tensor[T], Parts) {
	y := t.Result(1, 1, qx.Grad != nil || qh.Grad != nil)
	o := autograd.OpStruct[lossOp[T]](t)
	*o = lossOp[T]{qx, qh, target, sizes, batch, angle, y}
	var parts Parts
	first := 0
	for _, n := range sizes {
		w := 1 / (float64(batch) * float64(n))
		for i := first; i < first+n; i++ {
			parts.X += w * squaredError(qx.Row(i), target.X[3*i:3*i+3])
			parts.H += w * squaredError(qh.Row(i), target.H[qh.Cols*i:qh.Cols*(i+1)])
			parts.Angle += w * (1 - o.cosine(i).value)
		}
		first += n
	}
	parts.Total = parts.X + parts.H + angle*parts.Angle
	y.Data[0] = T(parts.Total)
	if y.Grad != nil {
		t.Record(o)
	}
	return y, parts
}

func (o *lossOp[T]) Backward() {
	first, f := 0, o.qh.Cols
	for _, n := range o.sizes {
		w := float64(o.y.Grad[0]) / (float64(o.batch) * float64(n))
		for i := first; i < first+n; i++ {
			if o.qh.Grad != nil { // y = w·|q̂-q|²  ⇒  dq̂ += 2w·(q̂-q)
				for k := f * i; k < f*(i+1); k++ {
					o.qh.Grad[k] += T(2 * w * float64(o.qh.Data[k]-o.target.H[k]))
				}
			}
			if o.qx.Grad != nil {
				c := o.cosine(i)
				for k := 3 * i; k < 3*i+3; k++ {
					o.qx.Grad[k] += T(2 * w * float64(o.qx.Data[k]-o.target.X[k]))
					// y = w·angle·(1 - a·b/(|a||b|))  ⇒  da -= w·angle·(b/(|a||b|) - cos·a/|a|²)
					o.qx.Grad[k] -= T(w * o.angle * (float64(o.target.X[k])*c.inverse - c.radial*float64(o.qx.Data[k])))
				}
			}
		}
		first += n
	}
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
