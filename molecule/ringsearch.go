package molecule

import (
	"math"
	"slices"
)

// ringSearch is the memory of one breadth-first search for rings.
type ringSearch struct {
	parent []int32 // (N)
	depth  []int32 // (N)
	colour []uint8 // (N) white, grey or black
	queue  []int32
	rings  []span
	twos   []int32
	hidden []bool // (N) atoms of degree two that another stands for
	finds  []find
	order  []int
	degree []int32
	live   []bool
	fresh  []span
}

// find says that the search from an atom met the ring of a key.
type find struct {
	from int32
	key  int
}

const (
	white = iota // not met
	grey         // met, waiting in the queue
	black        // done, or forbidden
)

// smallest returns the smallest rings through root over live bonds, none of
// them through the forbidden atom (-1 for none). The slice is reused.
func (f *ringFinder) smallest(root, forbidden int32) []span {
	q := &f.search
	n := len(f.s.Atoms)
	q.parent, q.depth, q.colour = resize(q.parent, n), resize(q.depth, n), resize(q.colour, n)
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
		for _, h := range f.s.around(at) {
			if !f.live[h.bond] || q.colour[h.to] == black || q.parent[at] == h.to {
				continue
			}
			if q.colour[h.to] == white {
				q.parent[h.to], q.depth[h.to], q.colour[h.to] = at, depth, grey
				q.queue = append(q.queue, h.to)
				continue
			}
			r, ok := f.stitch(root, at, h.to)
			if !ok {
				continue
			}
			if r.len() > size {
				return q.rings
			}
			size = r.len()
			q.rings = append(q.rings, r)
		}
	}
	return q.rings
}

// stitch joins the paths from root to a and to b, which are neighbours, into a
// ring: root … a, b … . It fails when the paths meet before root.
func (f *ringFinder) stitch(root, a, b int32) (span, bool) {
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
			return span{}, false
		}
		f.pool = append(f.pool, i)
	}
	return span{int32(lo), int32(len(f.pool))}, true
}

// pickTwos returns one atom of every chain of atoms of degree two.
func (f *ringFinder) pickTwos() []int32 {
	q := &f.search
	q.twos = q.twos[:0]
	q.hidden = resize(q.hidden, len(f.s.Atoms))
	clear(q.hidden)
	for _, i := range f.fragAtoms {
		if f.degree[i] == 2 && !q.hidden[i] {
			q.hidden[i] = true
			q.twos = append(q.twos, i)
			f.hideChain(i)
		}
	}
	return q.twos
}

func (f *ringFinder) hideChain(i int32) {
	for _, h := range f.s.around(i) {
		if f.live[h.bond] && !f.search.hidden[h.to] && f.degree[h.to] == 2 {
			f.search.hidden[h.to] = true
			f.hideChain(h.to)
		}
	}
}

// fromTwos searches from every atom of twos, remembering which of them meet the
// same ring.
func (f *ringFinder) fromTwos(twos []int32) {
	q := &f.search
	q.finds = q.finds[:0]
	for _, i := range twos {
		rings := f.smallest(i, -1)
		for _, r := range rings {
			key, added := f.keep(r)
			if added {
				f.markRing(r)
			}
			q.finds = append(q.finds, find{i, key})
		}
		if len(rings) == 0 {
			for chain := []int32{i}; len(chain) > 0; {
				last := chain[len(chain)-1]
				chain = f.trim(last, chain[:len(chain)-1])
			}
		}
	}
	f.fromTwins()
}

func (f *ringFinder) markRing(r span) {
	atoms := f.atoms(r)
	for k, i := range atoms {
		f.ringAtoms[i] = true
		f.ringBonds[f.s.between(i, atoms[(k+1)%len(atoms)])] = true
	}
}

// fromTwins searches again from atoms that met the same ring, each time with the
// bonds of the others cut: one of them may be in a second small ring that the
// first hid.
func (f *ringFinder) fromTwins() {
	q := &f.search
	q.order = q.order[:0]
	for _, d := range q.finds {
		if !slices.Contains(q.order, d.key) {
			q.order = append(q.order, d.key)
		}
	}
	slices.SortFunc(q.order, f.compareKeys)
	for _, key := range q.order {
		twins := 0
		for _, d := range q.finds {
			if d.key == key {
				twins++
			}
		}
		if twins > 1 {
			f.fromTwinsOf(key)
		}
	}
}

func (f *ringFinder) fromTwinsOf(key int) {
	q := &f.search
	q.degree = append(q.degree[:0], f.degree...)
	q.live = append(q.live[:0], f.live...)
	q.fresh = q.fresh[:0]
	size := math.MaxInt
	for _, d := range q.finds {
		if d.key != key {
			continue
		}
		f.trimTwins(d.from)
		for _, r := range f.smallest(d.from, -1) {
			size = min(size, r.len())
			q.fresh = append(q.fresh, r)
		}
		copy(f.degree, q.degree)
		copy(f.live, q.live)
	}
	for _, r := range q.fresh {
		if r.len() == size {
			f.keep(r)
		}
	}
}

// trimTwins cuts the bonds of every atom that met a ring which i met too.
func (f *ringFinder) trimTwins(i int32) {
	var unused []int32
	for _, mine := range f.search.finds {
		if mine.from != i {
			continue
		}
		for _, d := range f.search.finds {
			if d.key == mine.key && d.from != i {
				unused = f.trim(d.from, unused[:0])
			}
		}
	}
}

// fromThree looks for three rings through atom i of degree three, each pair of
// its bonds in one.
func (f *ringFinder) fromThree(i int32) error {
	var first [2]span
	rings := f.smallest(i, -1)
	copy(first[:], rings)
	count := len(rings)
	for _, r := range rings {
		f.keep(r)
	}
	if count == 0 || count > 2 {
		return nil
	}
	var near [3]int32
	k := 0
	for _, h := range f.s.around(i) {
		if f.live[h.bond] && k < 3 {
			near[k] = h.to
			k++
		}
	}
	avoid := f.toAvoid(near, first[:count])
	if len(avoid) == 0 {
		return &RingError{len(f.fragAtoms)}
	}
	for _, forbidden := range avoid {
		for _, r := range f.smallest(i, forbidden) {
			f.keep(r)
		}
	}
	return nil
}

// toAvoid returns the neighbours without which to look for the rings still
// missing: the one that both of two rings share, or, the last first, the two
// that a single ring runs through.
func (f *ringFinder) toAvoid(near [3]int32, rings []span) []int32 {
	if len(rings) == 2 {
		for _, n := range near {
			if slices.Contains(f.atoms(rings[0]), n) && slices.Contains(f.atoms(rings[1]), n) {
				return []int32{n}
			}
		}
		return nil
	}
	for k, n := range near {
		if !slices.Contains(f.atoms(rings[0]), n) {
			a, b := near[(k+1)%3], near[(k+2)%3]
			if k == 1 {
				a, b = b, a
			}
			return []int32{b, a}
		}
	}
	return nil
}
