package resident

import "equifm/autograd/cuda"

// batch is the pairs of molecules that lie one after another.
type batch struct {
	atoms, pairs int
	pieces       []piece

	pi, pj              cuda.Memory // (P) receiver and sender
	start, first, count cuda.Memory // (N) number of an atom's first pair, its molecule's first atom, how many pairs it has
}

// piece is the pairs of consecutive molecules that are computed together: few enough that
// what is stored of them a while is little of the card's memory.
type piece struct{ pair, pairs, atom, atoms int }

// lists are what every atom has, as it is made for the card, for memory to be used again.
type lists struct{ start, first, count []int32 }

// set lists the pairs of molecules of so many atoms, in pieces of at most so many pairs
// unless one molecule has more.
func (b *batch) set(d *cuda.Device, l *lists, sizes []int, most int) {
	l.start, l.first, l.count = l.start[:0], l.first[:0], l.count[:0]
	b.pieces, b.pairs, b.atoms = b.pieces[:0], 0, 0
	var open piece
	for _, n := range sizes {
		if pairs := n * (n - 1); open.atoms > 0 && open.pairs+pairs > most {
			b.pieces = append(b.pieces, open)
			open = piece{pair: b.pairs, atom: b.atoms}
		}
		for i := range n {
			l.start, l.first, l.count = append(l.start, int32(b.pairs+i*(n-1))), append(l.first, int32(b.atoms)), append(l.count, int32(n-1))
		}
		b.atoms, b.pairs = b.atoms+n, b.pairs+n*(n-1)
		open.atoms, open.pairs = open.atoms+n, open.pairs+n*(n-1)
	}
	b.pieces = append(b.pieces, open)
	for _, m := range []struct {
		to   *cuda.Memory
		from []int32
	}{{&b.start, l.start}, {&b.first, l.first}, {&b.count, l.count}} {
		d.Grow(m.to, len(m.from))
		d.WriteInts(*m.to, m.from)
	}
	d.Grow(&b.pi, max(b.pairs, 1))
	d.Grow(&b.pj, max(b.pairs, 1))
	d.Launch("list_pairs", b.atoms, b.start, b.first, b.count, b.pi, b.pj)
}

// of returns the piece's part of numbers that have a row for every pair.
func (p piece) of(m cuda.Memory, width int) cuda.Memory { return m.Part(p.pair*width, p.pairs*width) }
