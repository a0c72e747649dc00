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

// lists are the pairs as they are made for the card, for memory to be used again.
type lists struct{ pi, pj, start, first, count []int32 }

// set lists the pairs of molecules of so many atoms, in pieces of at most so many pairs
// unless one molecule has more.
func (b *batch) set(d *cuda.Device, l *lists, sizes []int, most int) {
	l.pi, l.pj, l.start, l.first, l.count = l.pi[:0], l.pj[:0], l.start[:0], l.first[:0], l.count[:0]
	b.pieces, b.pairs = b.pieces[:0], 0
	var open piece
	atom := 0
	for _, n := range sizes {
		if pairs := n * (n - 1); open.atoms > 0 && open.pairs+pairs > most {
			b.pieces = append(b.pieces, open)
			open = piece{pair: b.pairs, atom: atom}
		}
		for i := atom; i < atom+n; i++ {
			l.start, l.first, l.count = append(l.start, int32(len(l.pi))), append(l.first, int32(atom)), append(l.count, int32(n-1))
			for j := atom; j < atom+n; j++ {
				if j != i {
					l.pi, l.pj = append(l.pi, int32(i)), append(l.pj, int32(j))
				}
			}
		}
		atom += n
		open.atoms += n
		open.pairs += n * (n - 1)
		b.pairs = len(l.pi)
	}
	b.pieces, b.atoms = append(b.pieces, open), atom
	for _, m := range []struct {
		to   *cuda.Memory
		from []int32
	}{{&b.pi, l.pi}, {&b.pj, l.pj}, {&b.start, l.start}, {&b.first, l.first}, {&b.count, l.count}} {
		d.Grow(m.to, max(len(m.from), 1))
		d.WriteInts(*m.to, m.from)
	}
}

// of returns the piece's part of numbers that have a row for every pair.
func (p piece) of(m cuda.Memory, width int) cuda.Memory { return m.Part(p.pair*width, p.pairs*width) }
