package molecule

// Atom is an atom of a Structure.
type Atom struct {
	Element    Element
	Charge     int8
	Hydrogens  uint8  // written on the atom, beside those that are atoms themselves
	NoImplicit bool   // takes no hydrogens but those written: a bracket atom of SMILES
	Aromatic   bool   // set by Sanitize or by the lower case of SMILES
	Isotope    uint16 // mass number, 0 for the natural mixture

	explicit int16 // sum of bond orders and written hydrogens, set by Sanitize
	implicit int16 // hydrogens that fill the valence, set by Sanitize
}

// AllHydrogens returns the hydrogens of the atom that are not atoms themselves:
// written ones and, in a sanitised Structure, those that fill its valence.
func (a *Atom) AllHydrogens() int { return int(a.Hydrogens) + int(a.implicit) }

// Structure is a Graph with what chemistry adds: charges, hydrogens that are
// not atoms, aromaticity.
type Structure struct {
	Atoms []Atom
	Bonds []Bond

	start []int32    // (N+1) where each atom's bonds start in half
	half  []halfBond // (2·bonds) in order of Bonds for each atom
}

// halfBond is a bond seen from one of its atoms.
type halfBond struct{ to, bond int32 }

// NewStructure returns g's atoms, uncharged, and its bonds, with the valences
// still open.
func NewStructure(g *Graph) *Structure {
	s := &Structure{}
	s.fromGraph(g)
	return s
}

// fromGraph is NewStructure in memory that s has. Bonds are put in the order of
// their higher atom, then of the lower: the order in which EDM's protocol adds
// them to an RDKit molecule, which settles RDKit's choices between equals.
func (s *Structure) fromGraph(g *Graph) {
	n := len(g.Elements)
	s.Atoms = resize(s.Atoms, n)
	for i, e := range g.Elements {
		s.Atoms[i] = Atom{Element: e}
	}
	s.Bonds = resize(s.Bonds, len(g.Bonds))
	s.start = resize(s.start, n+1)
	clear(s.start)
	for _, b := range g.Bonds {
		s.start[b.J+1]++
	}
	for i := range n {
		s.start[i+1] += s.start[i]
	}
	for _, b := range g.Bonds {
		s.Bonds[s.start[b.J]] = b
		s.start[b.J]++
	}
	s.link()
}

// link rebuilds the list of each atom's bonds from Bonds.
func (s *Structure) link() {
	n := len(s.Atoms)
	s.start = resize(s.start, n+1)
	clear(s.start)
	for _, b := range s.Bonds {
		s.start[b.I]++
		s.start[b.J]++
	}
	for i := range n {
		s.start[i+1] += s.start[i]
	}
	// start[i] is now the end of atom i's list: filling from the last bond to
	// the first moves it down to the beginning.
	s.half = resize(s.half, 2*len(s.Bonds))
	for k := len(s.Bonds) - 1; k >= 0; k-- {
		b := s.Bonds[k]
		s.start[b.I]--
		s.half[s.start[b.I]] = halfBond{b.J, int32(k)}
		s.start[b.J]--
		s.half[s.start[b.J]] = halfBond{b.I, int32(k)}
	}
}

// around returns the bonds of atom i.
func (s *Structure) around(i int32) []halfBond { return s.half[s.start[i]:s.start[i+1]] }

// degree returns the number of atom i's bonds.
func (s *Structure) degree(i int32) int { return int(s.start[i+1] - s.start[i]) }

// between returns the bond between atoms i and j, or -1.
func (s *Structure) between(i, j int32) int32 {
	for _, h := range s.around(i) {
		if h.to == j {
			return h.bond
		}
	}
	return -1
}

// resize returns a slice of length n, x's memory when it is large enough; the
// contents are whatever they were.
func resize[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n, n+n/2)
	}
	return x[:n]
}
