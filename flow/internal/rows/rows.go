// Package rows has the operations on a matrix some rows of which are known: (N, C), N
// atoms of molecules that lie one after another.
package rows

import "equifm/autograd"

// holdOp is y_i = v_i where row i is held, f_i elsewhere.
type holdOp[T autograd.Float] struct {
	held []T                 // (N) 0 or 1
	f, y *autograd.Tensor[T] // (N, C)
}

// Hold returns f with the rows that are held, by a number other than 0, in the place of
// f's, from values (N, C).
func Hold[T autograd.Float](t *autograd.Tape[T], f *autograd.Tensor[T], held, values []T) *autograd.Tensor[T] {
	y := t.Result(f.Rows, f.Cols, f.Grad != nil)
	copy(y.Data, f.Data)
	for i, h := range held {
		if h != 0 {
			copy(y.Row(i), values[i*f.Cols:])
		}
	}
	if y.Grad != nil {
		o := autograd.OpStruct[holdOp[T]](t)
		*o = holdOp[T]{held, f, y}
		t.Record(o)
	}
	return y
}

func (o *holdOp[T]) Backward() {
	c := o.f.Cols
	for i, h := range o.held { // y_i = f_i where it is not held  ⇒  df_i += dy_i there
		if h == 0 {
			for k := i * c; k < (i+1)*c; k++ {
				o.f.Grad[k] += o.y.Grad[k]
			}
		}
	}
}

// centreOp is y_i = f_i - (Σ_j w_j·f_j)/(Σ_j w_j) over the atoms j of i's molecule; y = f in
// a molecule whose w are all 0.
type centreOp[T autograd.Float] struct {
	sizes []int
	w     []T                 // (N) 0 or 1
	f, y  *autograd.Tensor[T] // (N, C)
}

// Centre returns f with the mean of the rows that w chooses, by 1 and not 0, taken off in
// each molecule.
func Centre[T autograd.Float](t *autograd.Tape[T], f *autograd.Tensor[T], sizes []int, w []T) *autograd.Tensor[T] {
	y := t.Result(f.Rows, f.Cols, f.Grad != nil)
	o := autograd.OpStruct[centreOp[T]](t)
	*o = centreOp[T]{sizes, w, f, y}
	o.each(func(from, to, k int, chosen float64) {
		mean := 0.0
		for i := from; i < to; i++ {
			mean += float64(w[i]) * float64(f.Data[i*f.Cols+k])
		}
		mean /= max(chosen, 1)
		for i := from; i < to; i++ {
			y.Data[i*f.Cols+k] = f.Data[i*f.Cols+k] - T(mean)
		}
	})
	if y.Grad != nil {
		t.Record(o)
	}
	return y
}

func (o *centreOp[T]) Backward() {
	o.each(func(from, to, k int, chosen float64) {
		c, sum := o.f.Cols, 0.0
		for i := from; i < to; i++ {
			sum += float64(o.y.Grad[i*c+k])
		}
		for i := from; i < to; i++ { // y_i = f_i - Σ_j w_j·f_j/n  ⇒  df_j += dy_j - w_j/n·Σ_i dy_i
			o.f.Grad[i*c+k] += o.y.Grad[i*c+k] - o.w[i]*T(sum/max(chosen, 1))
		}
	})
}

// each calls do for every molecule, its atoms those from one to before another, and every
// column, with how many rows of it are chosen.
func (o *centreOp[T]) each(do func(from, to, k int, chosen float64)) {
	from := 0
	for _, n := range o.sizes {
		to, chosen := from+n, 0.0
		for i := from; i < to; i++ {
			chosen += float64(o.w[i])
		}
		for k := range o.f.Cols {
			do(from, to, k, chosen)
		}
		from = to
	}
}
