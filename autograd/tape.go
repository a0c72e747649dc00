package autograd

import "fmt"

// Op is one recorded operation. Backward adds, to the gradients of the inputs
// that have one, the gradient of its output carried through the operation.
type Op interface{ Backward() }

// Tape records operations in the order they run, so that the reversed list is
// an order in which every gradient is complete before it is used. It owns the
// memory of all intermediate results; Reset takes it back.
//
// A tape serves one goroutine. The zero value is ready to use.
type Tape[T Float] struct {
	ops     []Op
	numbers arena[T]
	tensors slab[Tensor[T]]
	slabs   map[any]interface{ reset() } // op structs, by type
	sharing sharing[T]
}

// NewTape returns an empty tape.
func NewTape[T Float]() *Tape[T] { return new(Tape[T]) }

// Reset forgets every operation and reuses the memory: tensors made on this
// tape must no longer be used. After the first few steps nothing is allocated.
func (t *Tape[T]) Reset() {
	t.ops = t.ops[:0]
	t.numbers.reset()
	t.tensors.reset()
	for _, s := range t.slabs {
		s.reset()
	}
}

// Len returns the number of recorded operations.
func (t *Tape[T]) Len() int { return len(t.ops) }

// Ops returns the recorded operations in execution order, for inspection.
func (t *Tape[T]) Ops() []Op { return t.ops }

// Bytes returns the memory that the tape holds for numbers.
func (t *Tape[T]) Bytes() int {
	var x T
	return t.numbers.size() * sizeOf(x)
}

// Slice returns n elements of the tape's memory, not cleared, valid until Reset.
func (t *Tape[T]) Slice(n int) []T { return t.numbers.take(n) }

// Result returns the tensor that an operation writes: data not cleared, and a
// zero gradient if grad is set. An op sets grad when an input has a gradient.
func (t *Tape[T]) Result(rows, cols int, grad bool) *Tensor[T] {
	x := t.tensors.take()
	*x = Tensor[T]{Data: t.numbers.take(rows * cols), Rows: rows, Cols: cols}
	if grad {
		x.Grad = t.numbers.take(rows * cols)
		clear(x.Grad)
	}
	return x
}

// Record appends an operation. An op from outside this package is an op like
// any other; see OpStruct for memory that Reset takes back.
func (t *Tape[T]) Record(op Op) { t.ops = append(t.ops, op) }

// OpStruct returns an S from the tape's memory, whose contents are whatever the
// last user left: assign the whole struct.
func OpStruct[S any, T Float](t *Tape[T]) *S {
	key := any((*S)(nil))
	s, ok := t.slabs[key].(*slab[S])
	if !ok {
		if t.slabs == nil {
			t.slabs = make(map[any]interface{ reset() })
		}
		s = new(slab[S])
		t.slabs[key] = s
	}
	return s.take()
}

// Backward runs the tape in reverse from loss, a (1,1) tensor, so that every
// tensor with a gradient has d loss/d itself added to it.
func (t *Tape[T]) Backward(loss *Tensor[T]) {
	if loss.Rows != 1 || loss.Cols != 1 {
		panic(fmt.Sprintf("autograd: Backward: loss is %v, not (1,1)", loss))
	}
	t.BackwardFrom(loss, []T{1})
}

// BackwardFrom runs the tape in reverse from any tensor, given the gradient
// (cotangent) of the loss with respect to it.
func (t *Tape[T]) BackwardFrom(out *Tensor[T], cotangent []T) {
	if len(cotangent) != len(out.Data) {
		panic(fmt.Sprintf("autograd: BackwardFrom: %d numbers for %v", len(cotangent), out))
	}
	if out.Grad == nil {
		return // a constant: nothing depends on a variable
	}
	for i, g := range cotangent {
		out.Grad[i] += g
	}
	for i := len(t.ops) - 1; i >= 0; i-- {
		t.ops[i].Backward()
	}
}

// Const is [Const] with the tensor's header in the tape's memory.
func (t *Tape[T]) Const(rows, cols int, data []T) *Tensor[T] {
	mustHold("Const", rows, cols, len(data))
	x := t.tensors.take()
	*x = Tensor[T]{Data: data, Rows: rows, Cols: cols}
	return x
}
