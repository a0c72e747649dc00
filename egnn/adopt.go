package egnn

import (
	"fmt"
	"slices"

	"equifm/nn"
)

// Adopt takes over the parameters of a field that differs in its features, its context and
// its NormFactor alone: features says for each feature which one of the other's it is, and context the
// same of the columns of context, or -1 for one that the other does not have. A new one
// begins with weights of zero, in and out, so that all else is answered as the other
// answers it, as long as nothing has been learned; one that is left behind might as well
// have been 0. data are the other's parameters, or an average of them.
func (f *Field[T]) Adopt(other *Field[T], data []T, features, context []int) error {
	was, is := other.Config, f.Config
	was.Features, is.Features, was.Context, is.Context = 0, 0, 0, 0
	was.Groups, is.Groups = 0, 0         // who computes, not what
	was.NormFactor, is.NormFactor = 1, 1 // no shape goes by it
	if was != is || len(features) != f.Features || len(context) != f.Context || len(data) != len(other.params.Data) {
		return fmt.Errorf("egnn: a field of %+v cannot take over %d numbers of one of %+v", f.Config, len(data), other.Config)
	}
	columns := append(slices.Clone(features), other.Features) // the time
	for _, c := range context {
		if c >= 0 {
			c += other.Features + 1
		}
		columns = append(columns, c)
	}
	for k := len(columns); k < f.inputs(); k++ { // the twin's position
		columns = append(columns, k-f.inputs()+other.inputs())
	}
	for _, to := range f.params.Blocks {
		from, ok := other.params.Lookup(to.Name)
		if !ok {
			return fmt.Errorf("egnn: no block %q to take over", to.Name)
		}
		src, dst := data[from.Offset:from.Offset+from.Len()], f.params.Slice(to)
		switch to.Name {
		case f.embed.W.Name: // (H, F+1+C)
			adoptColumns(to, from, dst, src, columns)
		case f.out.W.Name, f.out.B.Name: // (F+1+C, H) and (1, F+1+C), which is laid out as (F+1+C, 1)
			width := to.Len() / f.out.W.Rows
			for k := range f.out.W.Rows {
				row := dst[k*width : (k+1)*width]
				if clear(row); columns[k] >= 0 {
					copy(row, src[columns[k]*width:])
				}
			}
		default:
			copy(dst, src)
		}
	}
	return nil
}

// adoptColumns fills a matrix column by column from another with as many rows.
func adoptColumns[T any](to, from nn.Block, dst, src []T, columns []int) {
	clear(dst)
	for i := range to.Rows {
		for k, c := range columns {
			if c >= 0 {
				dst[i*to.Cols+k] = src[i*from.Cols+c]
			}
		}
	}
}
