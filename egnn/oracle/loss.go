package oracle

import (
	"math"

	"equifm/autograd"
)

// absoluteOp is Σ_m |y_m - target_m| / batch, the share of some molecules in the mean
// absolute error of a batch.
type absoluteOp[T autograd.Float] struct {
	y      *autograd.Tensor[T] // (M, 1)
	target []T                 // (M)
	batch  int
	loss   *autograd.Tensor[T] // (1, 1)
}

func absolute[T autograd.Float](t *autograd.Tape[T], y *autograd.Tensor[T], target []T, batch int) *autograd.Tensor[T] {
	loss, sum := t.Result(1, 1, y.Grad != nil), 0.0
	for m, v := range y.Data {
		sum += math.Abs(float64(v - target[m]))
	}
	loss.Data[0] = T(sum / float64(batch))
	if loss.Grad != nil {
		o := autograd.OpStruct[absoluteOp[T]](t)
		*o = absoluteOp[T]{y, target, batch, loss}
		t.Record(o)
	}
	return loss
}

func (o *absoluteOp[T]) Backward() {
	w := o.loss.Grad[0] / T(o.batch)
	for m, v := range o.y.Data { // loss = Σ |y - target|/B  ⇒  dy += sign(y - target)/B
		switch d := v - o.target[m]; {
		case d > 0:
			o.y.Grad[m] += w
		case d < 0:
			o.y.Grad[m] -= w
		}
	}
}
