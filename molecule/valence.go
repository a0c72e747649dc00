package molecule

import "strings"

// The valences that RDKit 2022.09 knows, smallest first: an atom is filled up
// with hydrogens to the next one, and is refused above the last. anyValence at
// the end stands for no upper limit; an element with nothing but it takes no
// implicit hydrogens.
const anyValence = -1

var valenceLists = func() (lists [256][]int) {
	for i := range lists {
		lists[i] = []int{anyValence}
	}
	for _, row := range []struct {
		allowed  []int
		elements string
	}{
		{[]int{0}, "He Ne Ar Kr Rn"},
		{[]int{0, 2, 4, 6}, "Xe"},
		{[]int{1}, "H Li F Na Cl K Br Rb Cs Fr"},
		{[]int{1, 3, 5}, "I At"},
		{[]int{2}, "Be O"},
		{[]int{2, 4}, "Sn Pb"},
		{[]int{2, 4, 6}, "S Se Te Po"},
		{[]int{2, anyValence}, "Mg Ca Sr Ba Ra"},
		{[]int{3}, "B N Ga In Tl"},
		{[]int{3, 5, 7}, "P As Sb Bi"},
		{[]int{3, 6}, "Al"},
		{[]int{4}, "C Ge"},
		{[]int{4, 6}, "Si"},
	} {
		for _, symbol := range strings.Fields(row.elements) {
			lists[bySymbol[symbol]] = row.allowed
		}
	}
	return lists
}()

// defaultValence is the first valence of e, anyValence when it has none.
func (e Element) defaultValence() int { return valenceLists[e][0] }

// outerElectrons holds the electrons of the outer shell of the main-group
// elements; nothing asks for those of the transition metals.
var outerElectrons = func() (count [256]int) {
	for i, elements := range []string{
		"H Li Na K Rb Cs Fr",
		"He Be Mg Ca Sr Ba Ra Zn Cd Hg",
		"B Al Ga In Tl",
		"C Si Ge Sn Pb",
		"N P As Sb Bi",
		"O S Se Te Po",
		"F Cl Br I At",
		"Ne Ar Kr Xe Rn",
	} {
		for _, symbol := range strings.Fields(elements) {
			count[bySymbol[symbol]] = i + 1
		}
	}
	return count
}()

// electropositive marks the elements left of carbon (as RDKit draws the line),
// on which a positive charge costs a bond instead of giving one.
var electropositive = func() (left [256]bool) {
	for _, symbol := range strings.Fields("Li Be B Na Mg Al K Ca Zn Ga Ge Rb Sr Cd In Sn Sb Cs Ba Hg Tl Pb Bi Fr Ra") {
		left[bySymbol[symbol]] = true
	}
	return left
}()

// bondsGained returns how many more bonds the atom's charge lets it have. Carbon
// loses one by either sign.
func (a *Atom) bondsGained() int {
	charge := int(a.Charge)
	if electropositive[a.Element] || a.Element == C && charge > 0 {
		return -charge
	}
	return charge
}

// explicitValence returns the sum of bond orders and written hydrogens of atom
// i. Aromatic bonds count one and a half: where that overshoots the default
// valence by at most 1.5, as on the nitrogen of N-methylpyrrole, the atom is
// taken to be at the allowed valence beneath.
func (s *Structure) explicitValence(i int32) int {
	a := &s.Atoms[i]
	halves := 2 * int(a.Hydrogens)
	aromatic := a.Aromatic
	for _, h := range s.around(i) {
		if order := s.Bonds[h.bond].Order; order == Aromatic {
			halves += 3
			aromatic = true
		} else {
			halves += 2 * int(order)
		}
	}
	if usual := a.Element.defaultValence(); aromatic && usual != anyValence {
		if below := usual + a.bondsGained(); halves > 2*below {
			for _, v := range valenceLists[a.Element] {
				v += a.bondsGained()
				if v > 0 && 2*v <= halves {
					below = v
				}
			}
			if halves-2*below <= 3 {
				halves = 2 * below
			}
		}
	}
	return (halves + 1) / 2
}

// implicitValence returns the hydrogens that fill atom i, whose explicit
// valence is known, up to its next allowed valence; ok is false when there is
// none that high.
func (s *Structure) implicitValence(i int32) (hydrogens int, ok bool) {
	a := &s.Atoms[i]
	have := int(a.explicit)
	usual := a.Element.defaultValence()
	switch {
	case a.NoImplicit, usual == anyValence:
		return 0, true
	case a.Element == H && have == 0:
		if a.Charge == 0 {
			return 1, true
		}
		return 0, true
	case s.aromatic(i):
		if have <= usual+a.bondsGained() {
			return usual + a.bondsGained() - have, true
		}
		for _, v := range valenceLists[a.Element] {
			if v > 0 && have == v+a.bondsGained() {
				return 0, true
			}
		}
		return 0, false
	}
	list := valenceLists[a.Element]
	for _, v := range list {
		if v != anyValence && have <= v+a.bondsGained() {
			return v + a.bondsGained() - have, true
		}
	}
	return 0, list[len(list)-1] == anyValence
}

// tooHigh says that atom i is above the last valence of its element.
func (s *Structure) tooHigh(i int32) bool {
	a := &s.Atoms[i]
	list := valenceLists[a.Element]
	last := list[len(list)-1]
	used := int(a.explicit) - int(a.Charge)
	if outerElectrons[a.Element] < 4 {
		used = int(a.explicit) + int(a.Charge)
	}
	return last > 0 && used > last
}

// setValences computes the valences of all atoms, stopping at the first that
// cannot be.
func (s *Structure) setValences() error {
	for i := range s.Atoms {
		i := int32(i)
		a := &s.Atoms[i]
		a.explicit = int16(s.explicitValence(i))
		if s.tooHigh(i) {
			return s.valenceError(i)
		}
		hydrogens, ok := s.implicitValence(i)
		if !ok {
			return s.valenceError(i)
		}
		a.implicit = int16(hydrogens)
	}
	return nil
}

// fillHydrogens is setValences that lets impossible atoms be.
func (s *Structure) fillHydrogens() {
	for i := range s.Atoms {
		a := &s.Atoms[i]
		a.explicit = int16(s.explicitValence(int32(i)))
		hydrogens, _ := s.implicitValence(int32(i))
		a.implicit = int16(hydrogens)
	}
}

// aromatic says whether atom i is aromatic or has an aromatic bond.
func (s *Structure) aromatic(i int32) bool {
	if s.Atoms[i].Aromatic {
		return true
	}
	for _, h := range s.around(i) {
		if s.Bonds[h.bond].Order == Aromatic {
			return true
		}
	}
	return false
}
