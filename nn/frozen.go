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

// factors keeps matrices laid out for products.
type factors[T autograd.Float] struct {
	mu   sync.RWMutex
	laid map[columns]autograd.Factor[T]
}

// columns is some of a block.
type columns struct{ block, from, to int }

// Right returns columns [from, to) of a layer's weights W (out, in), transposed, as
// the right factor of x·Wᵀ. That of a frozen view is laid out for it, once.
func (v View[T]) Right(b Block, from, to int) autograd.Factor[T] {
	w := v.Tensor(b)
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
