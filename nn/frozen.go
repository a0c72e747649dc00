package nn

import (
	"sync"

	"gonum.org/v1/gonum/blas"

	"equifm/autograd"
)

// Freeze returns parameters that will not change as constants: numbers of the
// layout of Data, such as an average of them. What products make of a matrix
// before they use it is then made once and kept, see [View.Right]. Any number of
// goroutines may use the view.
func (p *Params[T]) Freeze(data []T) View[T] {
	v := p.BindData(data, nil)
	v.factors = new(factors[T])
	return v
}

// Frozen says whether the view is of parameters that will not change, and w the same view:
// what was made of one holds for the other.
func (v View[T]) Frozen(w View[T]) bool { return v.factors != nil && v.factors == w.factors }

// factors keeps matrices laid out for products.
type factors[T autograd.Float] struct {
	mu   sync.RWMutex
	laid map[columns]autograd.Factor[T]
	rows map[columns][]T
}

// columns is some of a block.
type columns struct{ block, from, to int }

// Right returns columns [from, to) of a layer's weights W (out, in), transposed, as
// the right factor of x·Wᵀ. That of a frozen view is laid out for it, once.
func (v View[T]) Right(b Block, from, to int) autograd.Factor[T] {
	w := v.Stored(b) // for its numbers
	f := autograd.RightFactor(blas.Trans, to-from, w.Rows, w.Data[from:], w.Cols)
	if v.factors == nil {
		return f
	}
	key, s := columns{b.index, from, to}, v.factors
	s.mu.RLock()
	laid, ok := s.laid[key]
	s.mu.RUnlock()
	if ok {
		return laid
	}
	f = f.Lay(make([]T, autograd.LayLen[T](to-from, w.Rows)))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.laid == nil {
		s.laid = make(map[columns]autograd.Factor[T])
	}
	s.laid[key] = f
	return f
}

// Columns returns columns [from, to) of a layer's weights W (out, in) one after the
// other, (to−from, out): in memory, of that length, or those of a frozen view, kept
// once they are made.
func (v View[T]) Columns(b Block, from, to int, memory []T) []T {
	key, s := columns{b.index, from, to}, v.factors
	if s != nil {
		s.mu.RLock()
		kept, ok := s.rows[key]
		s.mu.RUnlock()
		if ok {
			return kept
		}
		memory = make([]T, len(memory))
	}
	w := v.Stored(b) // for its numbers
	for j := from; j < to; j++ {
		for i := range w.Rows {
			memory[(j-from)*w.Rows+i] = w.Data[i*w.Cols+j]
		}
	}
	if s != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.rows == nil {
			s.rows = make(map[columns][]T)
		}
		s.rows[key] = memory
	}
	return memory
}
