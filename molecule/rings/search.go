package rings

import (
	"math"
	"slices"

	"equifm/molecule/internal/scratch"
)

// ringSearch is the memory of one breadth-first search for rings.
type ringSearch struct {
	parent []int32 // (N)
	depth  []int32 // (N)
	colour []uint8 // (N) white, grey or black
	queue  []int32
	rings  []Ring
	twos   []int32
	hidden []bool // (N) atoms of degree two that another stands for
	finds  []find
	order  []int
	degree []int32
	live   []bool
	fresh  []Ring
}

const (
	white = iota // not met
	grey         // met, waiting in the queue
	black        // done, or forbidden
)

// smallest returns the smallest rings through root over live bonds, none of
// them through the forbidden atom (-1 for none). The slice is reused. It is
// Figueras's breadth-first search as RDKit's smallestRingsBfs has it, which
// keeps all the smallest rings instead of one.
func (f *Finder) smallest(root, forbidden int32) []Ring {
	q := &f.search
	n := f.links.Len()
	q.parent, q.depth, q.colour = scratch.Resize(q.parent, n), scratch.Resize(q.depth, n), scratch.Resize(q.colour, n)
	clear(q.colour)
	q.rings = q.rings[:0]
	if forbidden >= 0 {
		q.colour[forbidden] = black
	}
	q.parent[root], q.depth[root] = -1, 0
	q.queue = append(q.queue[:0], root)
	size := math.MaxInt
	for head := 0; head < len(q.queue); head++ {
		at := q.queue[head]
		q.colour[at] = black
		depth := q.depth[at] + 1
		if int(depth) > size {
			break
		}
		for _, h := range f.links.Around(at) {
			if !f.live[h.Bond] || q.colour[h.Atom] == black || q.parent[at] == h.Atom {
				continue
			}
			if q.colour[h.Atom] == white {
				q.parent[h.Atom], q.depth[h.Atom], q.colour[h.Atom] = at, depth, grey
				q.queue = append(q.queue, h.Atom)
				continue
			}
			r, ok := f.stitch(root, at, h.Atom)
			if !ok {
				continue
			}
			if r.Len() > size {
				return q.rings
			}
			size = r.Len()
			q.rings = append(q.rings, r)
		}
	}
	return q.rings
}

// stitch joins the paths from root to a and to b, which are neighbours, into a
// ring: root … a, b … . It fails when the paths meet before root.
func (f *Finder) stitch(root, a, b int32) (Ring, bool) {
	parent := f.search.parent
	lo := len(f.pool)
	for i := a; i != -1; i = parent[i] {
		f.pool = append(f.pool, i)
	}
	back := f.pool[lo:]
	slices.Reverse(back)
	for i := b; i != -1 && i != root; i = parent[i] {
		if slices.Contains(back, i) {
			f.pool = f.pool[:lo]
			return Ring{}, false
		}
		f.pool = append(f.pool, i)
	}
	return Ring{int32(lo), int32(len(f.pool))}, true
}
