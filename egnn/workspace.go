package egnn

import (
	"unsafe"

	"equifm/autograd"
	"equifm/autograd/kernel"
)

// blockRows is the most pairs that the fused operations take at once: few enough
// that a block's buffers stay in a core's caches, many enough that what is done
// once a block costs little.
const blockRows = 192

// keepBytes is how much of the second products, z of every pair, a pass may keep
// for its backward: eight molecules of QM9's size at E = 256 in 9 layers take 45 MB.
// A pass that needs more keeps none, and its memory grows with its atoms. Nor does
// one with E up to narrow, where a product takes no longer than memory.
const keepBytes = 64 << 20

// block is consecutive runs of the workspace, and its pairs, from number first on. A receiver's
// pairs lie in one block, unless there are more than a block holds, when they
// start one: so how a molecule's sums are cut does not depend on its neighbours.
type block struct{ from, to, first, pairs int }

// workspace is the memory that all fused operations of one pass share, and the
// pairs cut into blocks.
type workspace[T autograd.Float] struct {
	edge   int          // E
	runs   []kernel.Run // all pairs, none of them (i, i)
	pairs  int          // P
	blocks []block
	keep   bool // z of all pairs in all operations
	x0     []T  // (3, N) positions at the input, by coordinates, Å

	// One block's numbers; R = blockRows.
	d, d0     []T // (R) squared distances now and at the input, Å²
	a, aSlope []T // (R, E) SiLU(W1·[h_i, h_j, d², d0²] + b1), its derivative
	z         []T // (R, E) W2·a
	m, mSlope []T // (R, E) SiLU(z + b2), its derivative
	s         []T // (R) w·m
	dz, da    []T // (R, E) gradients of z and a
	dd, dd0   []T // (R) gradients of d and d0
	ds        []T // (R) gradient of s

	gate gateBuffers[T]
	head headBuffers[T]
	node nodeBuffers[T]

	// Gradients summed over the blocks of one operation.
	du, dv   []T // (N, E) of u = W_s·h + b1 and v = W_d·h
	dwd, dw0 []T // (E) of the columns of W1 for d² and d0²
	dx, dx0  []T // (3, N) of the positions
}

func newWorkspace[T autograd.Float](t *autograd.Tape[T], sizes []int, c Config, budget int, x0 *autograd.Tensor[T]) *workspace[T] {
	w := autograd.OpStruct[workspace[T]](t)
	edge := c.edge()
	w.edge = edge
	w.cut(sizes)
	w.keep = edge > narrow && 2*c.Layers*w.pairs*edge*int(unsafe.Sizeof(T(0))) <= budget
	for _, b := range []*[]T{&w.a, &w.aSlope, &w.z, &w.m, &w.mSlope, &w.dz, &w.da} {
		*b = t.Slice(blockRows * edge)
	}
	g, h := &w.gate, &w.head
	for _, b := range []*[]T{&w.d, &w.d0, &w.s, &w.dd, &w.dd0, &w.ds, &g.input, &g.sigma, &g.weight, &g.slope, &g.dweight,
		&h.length, &h.inverse, &h.tanh, &h.weight, &h.slope, &h.dweight, &h.perLength} {
		*b = t.Slice(blockRows)
	}
	for _, b := range []*[]T{&w.x0, &w.dx, &w.dx0, &h.shift, &h.dy} {
		*b = t.Slice(3 * x0.Rows)
	}
	toPlanes(w.x0, x0.Data)
	w.du, w.dv = t.Slice(x0.Rows*edge), t.Slice(x0.Rows*edge)
	w.dwd, w.dw0 = t.Slice(edge), t.Slice(edge)
	w.node = newNodeBuffers(t, x0.Rows, c.Hidden)
	return w
}

// cut lists the runs of all pairs, receiver by receiver, and the blocks.
func (w *workspace[T]) cut(sizes []int) {
	w.runs, w.blocks, w.pairs = w.runs[:0], w.blocks[:0], 0
	var b block
	closeBlock := func() {
		if b.pairs > 0 {
			b.to = len(w.runs)
			w.blocks = append(w.blocks, b)
			w.pairs += b.pairs
			b = block{from: b.to, first: w.pairs}
		}
	}
	add := func(i, from, to int) {
		for from < to {
			if b.pairs == blockRows {
				closeBlock()
			}
			n := min(to-from, blockRows-b.pairs)
			w.runs = append(w.runs, kernel.Run{I: i, J: from, N: n})
			from, b.pairs = from+n, b.pairs+n
		}
	}
	first := 0
	for _, n := range sizes {
		for i := first; i < first+n; i++ {
			if b.pairs+n-1 > blockRows {
				closeBlock()
			}
			add(i, first, i)
			add(i, i+1, first+n)
		}
		first += n
	}
	closeBlock()
}

// clearSums sets to zero what an operation's backward sums over all blocks.
func (w *workspace[T]) clearSums() {
	for _, sum := range [][]T{w.du, w.dv, w.dwd, w.dw0, w.dx, w.dx0} {
		clear(sum)
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
