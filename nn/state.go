package nn

import (
	"fmt"
	"strings"

	"equifm/autograd"
	"equifm/nn/safetensors"
)

// Named returns data, laid out as p, as one tensor a block, each under prefix
// and the block's name: p.Named("", p.Data) is PyTorch's state_dict of the model,
// p.Named("ema.", e.Data) its average.
func (p *Params[T]) Named(prefix string, data []T) []safetensors.Tensor {
	p.mustMatch("Named", data)
	return named(section[T]{prefix, p.Blocks, data, false})
}

// Load fills data, laid out as p, from what Named wrote under prefix. It looks
// at every name, type and shape before it changes data, which has to be finite. A tensor under prefix
// that p does not have is an error too, except where prefix is empty.
func (p *Params[T]) Load(f *safetensors.File, prefix string, data []T) error {
	p.mustMatch("Load", data)
	return load(f, section[T]{prefix, p.Blocks, data, false})
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

// section is the part of a file under one prefix: a number for each parameter of
// some blocks, which lie one after the other in data.
type section[T autograd.Float] struct {
	prefix string
	blocks []Block
	data   []T
	square bool // numbers that are means of squares, none below 0
}

// each calls f with the name in the file, the block and its numbers, until one fails.
func (s section[T]) each(f func(name string, b Block, data []T) error) error {
	at := 0
	for _, b := range s.blocks {
		if err := f(s.prefix+b.Name, b, in(s.data, at, b)); err != nil {
			return err
		}
		at += b.Len()
	}
	return nil
}

// named returns the tensors of all sections.
func named[T autograd.Float](sections ...section[T]) (tensors []safetensors.Tensor) {
	for _, s := range sections {
		s.each(func(name string, b Block, data []T) error { // none fails
			tensors = append(tensors, safetensors.New(name, data, b.fileShape()...))
			return nil
		})
	}
	return tensors
}

// load fills sections, all of which it checks before it changes the first.
func load[T autograd.Float](f *safetensors.File, sections ...section[T]) error {
	for _, s := range sections {
		if err := s.check(f); err != nil {
			return err
		}
	}
	for _, s := range sections {
		if err := s.each(func(name string, b Block, data []T) error {
			if err := safetensors.ReadInto(f, name, data, b.fileShape()...); err != nil {
				return err
			}
			return s.inRange(f, name, data)
		}); err != nil {
			return err
		}
	}
	return nil
}

// inRange returns an error for the first number that no training can have left there: with
// one that is not finite, or a square below 0, no step after it is either.
func (s section[T]) inRange(f *safetensors.File, name string, data []T) error {
	for i, v := range data {
		if v-v != 0 {
			return fmt.Errorf("%s: number %d of %q is %v, expected a finite one", f.Name, i, name, v)
		}
		if s.square && v < 0 {
			return fmt.Errorf("%s: number %d of %q is %v, a mean of squares: expected 0 or more", f.Name, i, name, v)
		}
	}
	return nil
}

// check says whether f has the section: each block of it, in its type and shape,
// and nothing else under its prefix.
func (s section[T]) check(f *safetensors.File) error {
	known := make(map[string]bool, len(s.blocks))
	if err := s.each(func(name string, b Block, _ []T) error {
		known[name] = true
		return safetensors.Check[T](f, name, b.fileShape()...)
	}); err != nil {
		return err
	}
	for _, e := range f.Entries {
		if s.prefix != "" && strings.HasPrefix(e.Name, s.prefix) && !known[e.Name] {
			return fmt.Errorf("%s: tensor %q is not one of the model's", f.Name, e.Name)
		}
	}
	return nil
}
