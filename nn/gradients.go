package nn

import "equifm/autograd"

// Forget makes all gradients of the view 0 without writing so: Tensor does for a block
// when it is asked for, an operation that has it from [View.Stored] writes all of it
// instead, and [View.Settle] clears what is left. It saves a pass over memory that is
// larger than the caches. A view of constants has nothing to forget.
func (v View[T]) Forget() {
	for i := range v.unwritten {
		v.unwritten[i] = true
	}
}

// Settle writes the zeros of the blocks that nobody has written to since Forget.
func (v View[T]) Settle() {
	for i := range v.unwritten {
		v.settle(i)
	}
}

func (v View[T]) settle(i int) {
	if v.unwritten[i] {
		clear(v.tensors[i].Grad)
		v.unwritten[i] = false
	}
}

// Stored is Tensor for an operation that, before it writes to the gradient, asks
// [View.Beta] whether to add.
func (v View[T]) Stored(b Block) *autograd.Tensor[T] { return &v.tensors[b.index] }

// Beta returns what the whole of a block's gradient is to be multiplied by before the
// caller, who then does so, adds to it: 0 for the first after Forget, where what lies
// there is not to be read, or else 1.
func (v View[T]) Beta(b Block) T {
	if v.unwritten == nil || !v.unwritten[b.index] {
		return 1
	}
	v.unwritten[b.index] = false
	return 0
}
