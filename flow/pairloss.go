package flow

import (
	"math"

	"equifm/autograd"
	"equifm/flow/schedule"
)

// Constants of the pair loss.
const (
	pairHuber = 0.3  // Å, error of a distance up to which the loss is a square
	pairFloor = 0.05 // least σ that an error is measured in
)

// pairOp is the pair loss: with x̂₀ the end point that q̂_x implies at x_t, and
// d̂, d the distances of two atoms in x̂₀ and in the data,
//
//	Σ_m weight/(B·n_m)·Σ_{i<j, d<cutoff} 2·Huber(d̂ - d; 0.3 Å)/max(σ², 0.05²)
//
// over the molecules with t ≤ until; Huber(u; δ) = u²/2 for |u| ≤ δ, δ(|u|-δ/2)
// beyond. Short distances are what bonds are judged by, and the loss on
// velocities sees them no better than the long ones.
type pairOp[T autograd.Float] struct {
	qx    *autograd.Tensor[T] // (N, 3)
	slope []T                 // (N, 3) dy/dq̂_x
	y     *autograd.Tensor[T] // (1, 1)
}

// pairLoss returns the weighted share of the molecules at hand in a batch's pair
// loss, as a (1, 1) tensor, and its value without the weight.
func pairLoss[T autograd.Float](t *autograd.Tape[T], qx *autograd.Tensor[T], b *Batch[T]) (*autograd.Tensor[T], float64) {
	w := b.Weights
	y := t.Result(1, 1, qx.Grad != nil)
	slope := t.Slice(len(qx.Data))
	clear(slope)
	first, value := 0, 0.0
	for m, n := range b.Sizes {
		if b.Times[m] <= w.PairUntil {
			c := b.Path.X.At(b.Times[m])
			share := 2 / (math.Max(c.Sigma*c.Sigma, pairFloor*pairFloor) * float64(b.Count) * float64(n))
			from, to := 3*first, 3*(first+n)
			value += pairs(qx.Data[from:to], b.At.X[from:to], b.Data.X[from:to], slope[from:to], c, w.PairCutoff, share, share*w.Pair)
		}
		first += n
	}
	y.Data[0] = T(w.Pair * value)
	if y.Grad != nil {
		o := autograd.OpStruct[pairOp[T]](t)
		*o = pairOp[T]{qx, slope, y}
		t.Record(o)
	}
	return y, value
}

// pairs returns share·Σ Huber over the short pairs of one molecule, and writes
// into slope its derivative by q̂_x with the share that the gradient has.
func pairs[T autograd.Float](qx, xt, x0, slope []T, c schedule.Coefficients, cutoff, share, gradient float64) (sum float64) {
	for i := 0; i < len(qx); i += 3 {
		for j := 0; j < i; j += 3 {
			var d2, hat2 float64
			var hat [3]float64 // x̂_i - x̂_j, Å
			for k := range 3 {
				u := float64(x0[i+k] - x0[j+k])
				d2 += u * u
				hat[k] = c.EndState*float64(xt[i+k]-xt[j+k]) + c.EndQ*float64(qx[i+k]-qx[j+k])
				hat2 += hat[k] * hat[k]
			}
			if d2 >= cutoff*cutoff {
				continue
			}
			d := math.Sqrt(hat2)
			value, derivative := huber(d-math.Sqrt(d2), pairHuber)
			sum += share * value
			if d == 0 {
				continue // no direction to move in
			}
			for k := range 3 { // d̂ = |x̂_i - x̂_j|, x̂ = EndState·x + EndQ·q̂  ⇒  dq̂_i = EndQ·u'·(x̂_i-x̂_j)/d̂ = -dq̂_j
				g := T(gradient * derivative * c.EndQ * hat[k] / d)
				slope[i+k] += g
				slope[j+k] -= g
			}
		}
	}
	return sum
}

// huber returns Huber(u; δ) and its derivative.
func huber(u, delta float64) (value, derivative float64) {
	if a := math.Abs(u); a > delta {
		return delta * (a - delta/2), math.Copysign(delta, u)
	}
	return u * u / 2, u
}

func (o *pairOp[T]) Backward() {
	for k, s := range o.slope {
		o.qx.Grad[k] += s * o.y.Grad[0]
	}
}
