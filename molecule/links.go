package molecule

import "equifm/molecule/internal/scratch"

// Neighbour is a bond seen from one of its two atoms.
type Neighbour struct {
	Atom int32 // at the other end
	Bond int32 // its index in the list of bonds
}

// Links list the bonds of each atom. The zero value links nothing; Link may be
// called again and again, in the same memory.
type Links struct {
	start []int32     // (N+1) where each atom's bonds start in near
	near  []Neighbour // (2·bonds) in the order of the bonds for each atom
}

// Link lists the bonds of n atoms anew.
func (l *Links) Link(n int, bonds []Bond) {
	l.start = scratch.Resize(l.start, n+1)
	clear(l.start)
	for _, b := range bonds {
		l.start[b.I]++
		l.start[b.J]++
	}
	for i := range n {
		l.start[i+1] += l.start[i]
	}
	// start[i] is now the end of atom i's list: filling from the last bond to
	// the first moves it down to the beginning.
	l.near = scratch.Resize(l.near, 2*len(bonds))
	for k := len(bonds) - 1; k >= 0; k-- {
		b := bonds[k]
		l.start[b.I]--
		l.near[l.start[b.I]] = Neighbour{b.J, int32(k)}
		l.start[b.J]--
		l.near[l.start[b.J]] = Neighbour{b.I, int32(k)}
	}
}

// Len returns the number of atoms N.
func (l *Links) Len() int { return max(len(l.start)-1, 0) }

// Around returns the bonds of atom i, in memory that belongs to l.
func (l *Links) Around(i int32) []Neighbour { return l.near[l.start[i]:l.start[i+1]] }

// Degree returns the number of atom i's bonds.
func (l *Links) Degree(i int32) int { return int(l.start[i+1] - l.start[i]) }

// Between returns the bond between atoms i and j, or -1.
func (l *Links) Between(i, j int32) int32 {
	for _, h := range l.Around(i) {
		if h.Atom == j {
			return h.Bond
		}
	}
	return -1
}

// Fragments labels the parts that no bond joins 0, 1, … in the order of their
// first atoms, and returns how many there are. label has an entry an atom; stack
// is memory for the search, which the next call may use again.
func (l *Links) Fragments(label []int32, stack *[]int32) (count int) {
	for i := range label {
		label[i] = -1
	}
	todo := (*stack)[:0]
	for i := range int32(len(label)) {
		if label[i] >= 0 {
			continue
		}
		label[i] = int32(count)
		todo = append(todo, i)
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, h := range l.Around(at) {
				if label[h.Atom] < 0 {
					label[h.Atom] = int32(count)
					todo = append(todo, h.Atom)
				}
			}
		}
		count++
	}
	*stack = todo
	return count
}
