package nn

import (
	"fmt"

	"equifm/autograd"
)

// Block is a named matrix inside a Params: rows × cols numbers from Offset.
type Block struct {
	Name       string
	Rows, Cols int
	Offset     int // of the first number in the flat slice
	index      int // of the block in its Params
}

// Len returns the number of parameters in the block.
func (b Block) Len() int { return b.Rows * b.Cols }

// Params is every parameter of a model in one flat slice, read-only during a
// step. Blocks are named as PyTorch's state_dict would name them.
type Params[T autograd.Float] struct {
	Data   []T
	Blocks []Block
	byName map[string]int
}

// Add appends a block of zeros and returns it. A name given twice is a panic.
func (p *Params[T]) Add(name string, rows, cols int) Block {
	if _, ok := p.byName[name]; ok {
		panic(fmt.Sprintf("nn: Params.Add: %q is there already", name))
	}
	if p.byName == nil {
		p.byName = make(map[string]int)
	}
	b := Block{Name: name, Rows: rows, Cols: cols, Offset: len(p.Data), index: len(p.Blocks)}
	p.byName[name] = b.index
	p.Data = append(p.Data, make([]T, b.Len())...)
	p.Blocks = append(p.Blocks, b)
	return b
}

// Lookup returns the block of that name, and whether it is there.
func (p *Params[T]) Lookup(name string) (Block, bool) {
	i, ok := p.byName[name]
	if !ok {
		return Block{}, false
	}
	return p.Blocks[i], true
}

// Slice returns the numbers of a block, without copying.
func (p *Params[T]) Slice(b Block) []T { return in(p.Data, b.Offset, b) }

// in returns the numbers of a block that start at a place of x.
func in[T any](x []T, at int, b Block) []T {
	end := at + b.Len()
	return x[at:end:end]
}

// Bind returns the parameters as tensors whose gradients lie in grad, flat and
// laid out as Data, or as constants if grad is nil. Bind once, not every step.
func (p *Params[T]) Bind(grad []T) View[T] { return p.BindData(p.Data, grad) }

// BindData is Bind over other numbers of the same layout, such as an average of
// the parameters over time.
func (p *Params[T]) BindData(data, grad []T) View[T] {
	if len(data) != len(p.Data) || grad != nil && len(grad) != len(data) {
		panic(fmt.Sprintf("nn: Bind: %d numbers and %d gradients for %d parameters", len(data), len(grad), len(p.Data)))
	}
	v := View[T]{tensors: make([]autograd.Tensor[T], len(p.Blocks))}
	for i, b := range p.Blocks {
		v.tensors[i] = autograd.Tensor[T]{Data: in(data, b.Offset, b), Rows: b.Rows, Cols: b.Cols}
		if grad != nil {
			v.tensors[i].Grad = in(grad, b.Offset, b)
		}
	}
	if grad != nil {
		v.unwritten = make([]bool, len(p.Blocks))
	}
	return v
}

// View is parameters bound to one place for gradients. Every shard of a batch
// has its own, over the same parameters.
type View[T autograd.Float] struct {
	tensors   []autograd.Tensor[T]
	factors   *factors[T] // of a frozen view, or nil
	unwritten []bool      // by block: its gradient is 0, whatever lies there; nil of constants
}

// Tensor returns the block as a tensor, whose gradient is there to be added to. Ask anew
// in every pass, see [View.Forget].
func (v View[T]) Tensor(b Block) *autograd.Tensor[T] {
	if v.unwritten != nil {
		v.settle(b.index)
	}
	return &v.tensors[b.index]
}

// Constant returns the same numbers without their gradients.
func (v View[T]) Constant() View[T] {
	c := View[T]{tensors: append([]autograd.Tensor[T](nil), v.tensors...), factors: v.factors}
	for i := range c.tensors {
		c.tensors[i].Grad = nil
	}
	return c
}
