package nn

import (
	"fmt"
	"slices"
	"strings"
)

// Named returns data, laid out as p, as one tensor a block, each under prefix
// and the block's name: p.Named("", p.Data) is PyTorch's state_dict of the model,
// p.Named("ema.", e.Data) its average.
func (p *Params[T]) Named(prefix string, data []T) []NamedTensor {
	p.mustMatch("Named", data)
	tensors := make([]NamedTensor, len(p.Blocks))
	for i, b := range p.Blocks {
		tensors[i] = Named(prefix+b.Name, data[b.Offset:b.Offset+b.Len()], b.fileShape()...)
	}
	return tensors
}

// Load fills data, laid out as p, from what Named wrote under prefix. It looks
// at every name, type and shape before it changes data. A tensor under prefix
// that p does not have is an error too, except where prefix is empty.
func (p *Params[T]) Load(f *File, prefix string, data []T) error {
	p.mustMatch("Load", data)
	for _, b := range p.Blocks {
		e, err := find[T](f, prefix+b.Name)
		if err != nil {
			return err
		}
		if want := b.fileShape(); !slices.Equal(e.Shape, want) {
			return fmt.Errorf("%s: tensor %q has shape %v, want %v", f.name, e.Name, e.Shape, want)
		}
	}
	for _, e := range f.Entries {
		name, ok := strings.CutPrefix(e.Name, prefix)
		if _, known := p.byName[name]; prefix != "" && ok && !known {
			return fmt.Errorf("%s: tensor %q is not one of the model's", f.name, e.Name)
		}
	}
	for _, b := range p.Blocks {
		if err := ReadInto(f, prefix+b.Name, data[b.Offset:b.Offset+b.Len()], b.fileShape()...); err != nil {
			return err
		}
	}
	return nil
}

func (p *Params[T]) mustMatch(op string, data []T) {
	if len(data) != len(p.Data) {
		panic(fmt.Sprintf("nn: Params.%s: %d numbers for %d parameters", op, len(data), len(p.Data)))
	}
}

// fileShape is the block's shape in a file: a bias has one dimension there, as
// in PyTorch.
func (b Block) fileShape() []int {
	if b.Rows == 1 && strings.HasSuffix(b.Name, "bias") {
		return []int{b.Cols}
	}
	return []int{b.Rows, b.Cols}
}

// Named returns M, V and VMax under prefix and "m.", "v." and "vmax.". Steps is
// not among them: it is the caller's to keep, with the rest of the training.
func (a *AdamW[T]) Named(prefix string) []NamedTensor {
	return slices.Concat(
		a.params.Named(prefix+"m.", a.M),
		a.params.Named(prefix+"v.", a.V),
		a.params.Named(prefix+"vmax.", a.VMax),
	)
}

// Load reads what Named wrote.
func (a *AdamW[T]) Load(f *File, prefix string) error {
	if err := a.params.Load(f, prefix+"m.", a.M); err != nil {
		return err
	}
	if err := a.params.Load(f, prefix+"v.", a.V); err != nil {
		return err
	}
	return a.params.Load(f, prefix+"vmax.", a.VMax)
}
