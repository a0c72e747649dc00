package autograd

import "equifm/autograd/kernel"

// mulOp is c = a ⊙ b.
type mulOp[T Float] struct {
	a, b, c *Tensor[T] // same shape
}

// Mul returns the product a ⊙ b, element by element.
func Mul[T Float](t *Tape[T], a, b *Tensor[T]) *Tensor[T] {
	mustSameShape("Mul", a, b)
	c := t.Result(a.Rows, a.Cols, a.Grad != nil || b.Grad != nil)
	kernel.Mul(c.Data, a.Data, b.Data)
	if c.Grad != nil {
		op := OpStruct[mulOp[T]](t)
		*op = mulOp[T]{a, b, c}
		t.Record(op)
	}
	return c
}

func (o *mulOp[T]) Backward() {
	if o.a.Grad != nil { // c = a ⊙ b  ⇒  da += dc ⊙ b
		kernel.MulAdd(o.a.Grad, o.c.Grad, o.b.Data)
	}
	if o.b.Grad != nil { // c = a ⊙ b  ⇒  db += dc ⊙ a
		kernel.MulAdd(o.b.Grad, o.c.Grad, o.a.Data)
	}
}
