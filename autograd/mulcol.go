package autograd

import "equifm/autograd/kernel"

// mulColOp is b_ij = a_ij·c_i.
type mulColOp[T Float] struct {
	a *Tensor[T] // (N, C)
	c *Tensor[T] // (N, 1)
	b *Tensor[T] // (N, C)
}

// MulCol scales row i of a (N, C) by c_i, for a column c (N, 1): the gate of an
// attention, or a direction times its length.
func MulCol[T Float](t *Tape[T], a, c *Tensor[T]) *Tensor[T] {
	mustBeColumn("MulCol", a, c)
	b := t.Result(a.Rows, a.Cols, a.Grad != nil || c.Grad != nil)
	for i, ci := range c.Data {
		row := b.Row(i)
		for j, v := range a.Row(i) {
			row[j] = v * ci
		}
	}
	if b.Grad != nil {
		op := OpStruct[mulColOp[T]](t)
		*op = mulColOp[T]{a, c, b}
		t.Record(op)
	}
	return b
}

func (o *mulColOp[T]) Backward() {
	cols := o.a.Cols
	for i, ci := range o.c.Data {
		db := o.b.Grad[i*cols : (i+1)*cols]
		if o.a.Grad != nil { // b_ij = a_ij·c_i  ⇒  da_ij += db_ij·c_i
			kernel.AddScaled(o.a.Grad[i*cols:(i+1)*cols], ci, db)
		}
		if o.c.Grad != nil { // b_ij = a_ij·c_i  ⇒  dc_i += Σ_j db_ij·a_ij
			o.c.Grad[i] += kernel.Dot(db, o.a.Row(i))
		}
	}
}
