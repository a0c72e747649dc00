package flow

import "equifm/autograd"

// weights are two numbers for every atom, (N, 2).
type weights[T autograd.Float] []T

func perAtom[T autograd.Float](t *autograd.Tape[T], times []float64, sizes []int, f func(t float64) (a, b float64)) weights[T] {
	atoms := 0
	for _, n := range sizes {
		atoms += n
	}
	w := t.Slice(2 * atoms)
	i := 0
	for m, n := range sizes {
		a, b := f(times[m])
		for range n {
			w[i], w[i+1] = T(a), T(b)
			i += 2
		}
	}
	return w
}

// mixRowsOp is y_i = a_i·s_i + b_i·f_i, s a constant; the last column may have weights
// of its own.
type mixRowsOp[T autograd.Float] struct {
	w    weights[T]          // (N, 2) a, b
	last weights[T]          // (N, 2) of the last column, or nil
	f, y *autograd.Tensor[T] // (N, C)
}

func mixRows[T autograd.Float](t *autograd.Tape[T], w, last weights[T], state []T, f *autograd.Tensor[T]) *autograd.Tensor[T] {
	y := t.Result(f.Rows, f.Cols, f.Grad != nil)
	for i := range f.Rows {
		a, b, s := w[2*i], w[2*i+1], state[i*f.Cols:(i+1)*f.Cols]
		row, fi := y.Row(i), f.Row(i)
		for k := range row {
			row[k] = a*s[k] + b*fi[k]
		}
		if k := f.Cols - 1; last != nil {
			row[k] = last[2*i]*s[k] + last[2*i+1]*fi[k]
		}
	}
	if y.Grad != nil {
		o := autograd.OpStruct[mixRowsOp[T]](t)
		*o = mixRowsOp[T]{w, last, f, y}
		t.Record(o)
	}
	return y
}

func (o *mixRowsOp[T]) Backward() {
	c := o.f.Cols
	for i := range o.f.Rows { // y_i = a_i·s_i + b_i·f_i  ⇒  df_i += b_i·dy_i
		b := o.w[2*i+1]
		for k := i * c; k < (i+1)*c; k++ {
			if o.last != nil && k == (i+1)*c-1 {
				b = o.last[2*i+1]
			}
			o.f.Grad[k] += b * o.y.Grad[k]
		}
	}
}
