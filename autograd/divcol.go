package autograd

// divColOp is b_ij = a_ij/c_i.
type divColOp[T Float] struct {
	a *Tensor[T] // (N, C)
	c *Tensor[T] // (N, 1)
	b *Tensor[T] // (N, C)
}

// DivCol divides row i of a (N, C) by c_i, for a column c (N, 1).
func DivCol[T Float](t *Tape[T], a, c *Tensor[T]) *Tensor[T] {
	mustBeColumn("DivCol", a, c)
	b := t.Result(a.Rows, a.Cols, a.Grad != nil || c.Grad != nil)
	for i, ci := range c.Data {
		row := b.Row(i)
		for j, v := range a.Row(i) {
			row[j] = v / ci
		}
	}
	if b.Grad != nil {
		op := OpStruct[divColOp[T]](t)
		*op = divColOp[T]{a, c, b}
		t.Record(op)
	}
	return b
}

func (o *divColOp[T]) Backward() {
	cols := o.a.Cols
	for i, ci := range o.c.Data {
		db, b := o.b.Grad[i*cols:(i+1)*cols], o.b.Row(i)
		for j, g := range db {
			if o.a.Grad != nil { // b_ij = a_ij/c_i  ⇒  da_ij += db_ij/c_i
				o.a.Grad[i*cols+j] += g / ci
			}
			if o.c.Grad != nil { // b_ij = a_ij/c_i  ⇒  dc_i -= Σ_j db_ij·b_ij/c_i
				o.c.Grad[i] -= g * b[j] / ci
			}
		}
	}
}
