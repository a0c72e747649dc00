package autograd

import "equifm/autograd/kernel"

// addOp is c = a + β·b.
type addOp[T Float] struct {
	a, b, c *Tensor[T] // same shape
	beta    T
}

// Add returns a + b, element by element.
func Add[T Float](t *Tape[T], a, b *Tensor[T]) *Tensor[T] { return AddScaled(t, a, 1, b) }

// Sub returns a - b, element by element.
func Sub[T Float](t *Tape[T], a, b *Tensor[T]) *Tensor[T] { return AddScaled(t, a, -1, b) }

// AddScaled returns a + beta·b, element by element.
func AddScaled[T Float](t *Tape[T], a *Tensor[T], beta T, b *Tensor[T]) *Tensor[T] {
	mustSameShape("AddScaled", a, b)
	c := t.Result(a.Rows, a.Cols, a.Grad != nil || b.Grad != nil)
	copy(c.Data, a.Data)
	kernel.AddScaled(c.Data, beta, b.Data)
	if c.Grad != nil {
		op := OpStruct[addOp[T]](t)
		*op = addOp[T]{a, b, c, beta}
		t.Record(op)
	}
	return c
}

func (o *addOp[T]) Backward() {
	if o.a.Grad != nil { // c = a + β·b  ⇒  da += dc
		kernel.Add(o.a.Grad, o.c.Grad)
	}
	if o.b.Grad != nil { // c = a + β·b  ⇒  db += β·dc
		kernel.AddScaled(o.b.Grad, o.beta, o.c.Grad)
	}
}
