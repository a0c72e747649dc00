package egnn

import (
	"unsafe"

	"equifm/autograd"
	"equifm/autograd/kernel"
)

// keepBytes is how much of the second products, z of every pair, a pass may keep
// for its backward: eight molecules of QM9's size at E = 256 in 9 layers take 45 MB.
// A pass that needs more keeps none, and its memory grows with its atoms. Nor does
// one with E up to narrow, where a product takes no longer than memory.
const (
	keepBytes = 64 << 20
	narrow    = 64
)

// workspace is what all fused operations of one pass share: the pairs, cut into
// blocks, and memory that one operation after the other uses.
type workspace[T autograd.Float] struct {
	tape *autograd.Tape[T]
	edge int // E
	cut  cut
	keep bool // z of all pairs in all operations
	x0   []T  // (3, N) positions at the input, by coordinates, Å

	w2t, w2   []T // W2ᵀ and W2 (E, E) laid out for the products of many blocks
	shift, dy []T // (3, N) coordinates: the sum over the pairs, Å; the gradient of y
	du        []T // (N, E) gradient of u = W_s·h + b1
	sums      []edgeSums[T]
	node      nodeBuffers[T]
	byColumns columnTask[T]
}

// edgeSums is gradients that an operation's backward sums over the pairs of one group.
type edgeSums[T autograd.Float] struct {
	dv       []T // (N, E) of v = W_d·h
	dwd, dw0 []T // (E) of the columns of W1 for d² and d0²
	dx, dx0  []T // (3, N) of the positions
	dw2, db2 []T // (E, E), (E); nil where the weights have no gradient
	dw, db   []T // (E), (1) of w in s = w·m + b; nil likewise
}

// newWorkspace makes one for a pass that will go backward, to learn, or not.
func newWorkspace[T autograd.Float](t *autograd.Tape[T], sizes []int, c Config, budget int, x0 *autograd.Tensor[T], learn bool) *workspace[T] {
	w := autograd.OpStruct[workspace[T]](t)
	edge, atoms := c.edge(), x0.Rows
	w.tape, w.edge = t, edge
	w.cut.molecules(sizes, learn, max(c.Groups, 1))
	w.keep = learn && edge > narrow && 2*c.Layers*w.cut.pairs*edge*int(unsafe.Sizeof(T(0))) <= budget
	w.x0 = t.Slice(3 * atoms)
	toPlanes(w.x0, x0.Data)
	w.shift = t.Slice(3 * atoms)
	w.w2t = t.Slice(autograd.LayLen[T](edge, edge))
	w.node = newNodeBuffers(t, atoms, c.Hidden, learn)
	if learn {
		w.w2 = t.Slice(autograd.LayLen[T](edge, edge))
		w.dy, w.du = t.Slice(3*atoms), t.Slice(atoms*edge)
		w.reserveSums(len(w.cut.groups), atoms)
	}
	return w
}

// reserveSums makes room for the sums of so many groups. Those of the weights that
// belong to the first are the gradients themselves.
func (w *workspace[T]) reserveSums(groups, atoms int) {
	E := w.edge
	for len(w.sums) < groups {
		w.sums = append(w.sums, edgeSums[T]{})
	}
	w.sums = w.sums[:groups]
	for g := range w.sums {
		s := &w.sums[g]
		s.dv, s.dwd, s.dw0 = w.tape.Slice(atoms*E), w.tape.Slice(E), w.tape.Slice(E)
		s.dx, s.dx0 = w.tape.Slice(3*atoms), w.tape.Slice(3*atoms)
		if g > 0 {
			s.dw2, s.db2, s.dw, s.db = w.tape.Slice(E*E), w.tape.Slice(E), w.tape.Slice(E), w.tape.Slice(1)
		}
	}
}

// clear sets all sums to zero, but for the first group's of the weights, which go
// on from what the gradients are.
func (s *edgeSums[T]) clear(first bool) {
	for _, x := range [][]T{s.dv, s.dwd, s.dw0, s.dx, s.dx0} {
		clear(x)
	}
	if !first {
		for _, x := range [][]T{s.dw2, s.db2, s.dw, s.db} {
			clear(x)
		}
	}
}

// toPlanes writes x (N, 3) by coordinates, as (3, N).
func toPlanes[T autograd.Float](planes, x []T) {
	n := len(x) / 3
	for i := range n {
		planes[i], planes[n+i], planes[2*n+i] = x[3*i], x[3*i+1], x[3*i+2]
	}
}

// addPlanes adds planes (3, N) to x (N, 3).
func addPlanes[T autograd.Float](x, planes []T) {
	n := len(x) / 3
	for i := range n {
		x[3*i] += planes[i]
		x[3*i+1] += planes[n+i]
		x[3*i+2] += planes[2*n+i]
	}
}

// total adds the sums of the later groups to the first's, in order.
func (w *workspace[T]) total() *edgeSums[T] {
	s := &w.sums[0]
	for _, g := range w.sums[1:] {
		kernel.Add(s.dv, g.dv)
		kernel.Add(s.dwd, g.dwd)
		kernel.Add(s.dw0, g.dw0)
		kernel.Add(s.dx, g.dx)
		kernel.Add(s.dx0, g.dx0)
		if s.dw2 != nil {
			kernel.Add(s.dw2, g.dw2)
			kernel.Add(s.db2, g.db2)
		}
		if s.dw != nil {
			kernel.Add(s.dw, g.dw)
		}
		if s.db != nil {
			kernel.Add(s.db, g.db)
		}
	}
	return s
}
