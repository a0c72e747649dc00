package autograd

import (
	"fmt"

	"equifm/autograd/kernel"
)

// concatOp is y = [a, b], side by side.
type concatOp[T Float] struct {
	a *Tensor[T] // (N, A)
	b *Tensor[T] // (N, B)
	y *Tensor[T] // (N, A+B)
}

// Concat returns [a, b] (N, A+B), the columns of a (N, A) followed by those of b (N, B).
func Concat[T Float](t *Tape[T], a, b *Tensor[T]) *Tensor[T] {
	if a.Rows != b.Rows {
		panic(fmt.Sprintf("autograd: Concat: %v and %v differ in rows", a, b))
	}
	y := t.Result(a.Rows, a.Cols+b.Cols, a.Grad != nil || b.Grad != nil)
	for i := range a.Rows {
		row := y.Row(i)
		copy(row, a.Row(i))
		copy(row[a.Cols:], b.Row(i))
	}
	if y.Grad != nil {
		op := OpStruct[concatOp[T]](t)
		*op = concatOp[T]{a, b, y}
		t.Record(op)
	}
	return y
}

func (o *concatOp[T]) Backward() {
	na, nb := o.a.Cols, o.b.Cols
	for i := range o.a.Rows { // y = [a, b]  ⇒  da += dy[:A], db += dy[A:]
		dy := o.y.Grad[i*(na+nb) : (i+1)*(na+nb)]
		if o.a.Grad != nil {
			kernel.Add(o.a.Grad[i*na:(i+1)*na], dy[:na])
		}
		if o.b.Grad != nil {
			kernel.Add(o.b.Grad[i*nb:(i+1)*nb], dy[na:])
		}
	}
}
