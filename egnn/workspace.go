package egnn

import "equifm/autograd"

// blockRows is the number of pairs that the fused operations take at once: few
// enough that the buffers of a block at H = 256 stay in a core's second-level
// cache, many enough that packing the weights costs little.
const blockRows = 192

// run is consecutive senders of one receiver: the pairs (i, j), …, (i, j+n-1),
// none of them (i, i).
type run struct{ i, j, n int }

// workspace is the memory that all fused operations of one pass share, and the
// pairs cut into blocks.
type workspace[T autograd.Float] struct {
	edge int // E
	runs []run
	ends []int // runs[ends[b-1]:ends[b]] is block b

	// One block's numbers; R = blockRows.
	a, da []T // (R, E) first activation SiLU(W1·[h_i, h_j, e] + b1), its derivative
	m, dm []T // (R, E) second activation, its derivative; then gradients
	d, d0 []T // (R) squared distances now and at the input, Å²
	dd    []T // (R) gradient of d
	dd0   []T // (R) gradient of d0
	gate  []T // (R) weight of the pair in the sum over senders
	dgate []T // (R) gradient before the gate's sigmoid, or of s_ij
	du    []T // (N, E) gradient of W_s·h + b1
	dv    []T // (N, E) gradient of W_d·h
	dw    []T // (2, E) gradients of the columns for d and d0
}

func newWorkspace[T autograd.Float](t *autograd.Tape[T], sizes []int, edge int) *workspace[T] {
	w := autograd.OpStruct[workspace[T]](t)
	atoms, rows := w.cut(sizes), blockRows
	w.edge = edge
	for _, b := range []*[]T{&w.a, &w.da, &w.m, &w.dm} {
		*b = t.Slice(rows * edge)
	}
	for _, b := range []*[]T{&w.d, &w.d0, &w.dd, &w.dd0, &w.gate, &w.dgate} {
		*b = t.Slice(rows)
	}
	w.du, w.dv = t.Slice(atoms*edge), t.Slice(atoms*edge)
	w.dw = t.Slice(2 * edge)
	return w
}

// cut lists the runs of all pairs in blocks of at most blockRows pairs, and
// returns the number of atoms. A receiver that does not fit into what is left of
// a block starts the next: its sum over senders is cut where its own number of
// senders says, so that no bit of a molecule depends on its neighbours.
func (w *workspace[T]) cut(sizes []int) (atoms int) {
	w.runs, w.ends = w.runs[:0], w.ends[:0]
	room := blockRows
	end := func() {
		if room < blockRows {
			w.ends = append(w.ends, len(w.runs))
			room = blockRows
		}
	}
	add := func(i, from, to int) {
		for from < to {
			n := min(to-from, room)
			w.runs = append(w.runs, run{i, from, n})
			from += n
			if room -= n; room == 0 {
				end()
			}
		}
	}
	for _, n := range sizes {
		for i := atoms; i < atoms+n; i++ {
			if n-1 > room {
				end()
			}
			add(i, atoms, i)
			add(i, i+1, atoms+n)
		}
		atoms += n
	}
	end()
	return atoms
}

// blocks calls f with the runs of every block and the number of pairs in it.
func (w *workspace[T]) blocks(f func(b []run, rows int)) {
	from := 0
	for _, end := range w.ends {
		rows := 0
		for _, r := range w.runs[from:end] {
			rows += r.n
		}
		f(w.runs[from:end], rows)
		from = end
	}
}

// clearSums sets to zero what an operation's backward sums over all blocks, and
// returns the gradients of the columns for d and d0.
func (w *workspace[T]) clearSums() (dwd, dw0 []T) {
	clear(w.du)
	clear(w.dv)
	clear(w.dw)
	return w.dw[:w.edge], w.dw[w.edge:]
}
