package autograd

import "equifm/autograd/kernel"

// siluOp is y = x·σ(x), σ(x) = 1/(1+exp(-x)).
type siluOp[T Float] struct {
	x, y *Tensor[T] // same shape
}

// SiLU returns x·σ(x), element by element (Elfwing et al. 2018, arXiv 1702.03118;
// also known as swish).
func SiLU[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	kernel.SiLU(y.Data, x.Data)
	if y.Grad != nil {
		op := OpStruct[siluOp[T]](t)
		*op = siluOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *siluOp[T]) Backward() {
	// y = x·σ(x)  ⇒  dx += dy·σ(x)·(1 + x·(1-σ(x)))
	kernel.SiLUGrad(o.x.Grad, o.x.Data, o.y.Grad)
}
