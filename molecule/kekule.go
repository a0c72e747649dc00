package molecule

// kekuliser turns aromatic bonds back into single and double ones.
type kekuliser struct {
	open     []bool // (N) must still get a double bond
	aromatic []bool // (bonds) was aromatic
	steps    int
}

// mostSteps bounds the search for a Kekulé form, in steps an atom. A form that
// exists is found in about half a step; it is the hopeless cases that would take
// for ever.
const mostSteps = 100

// place gives every aromatic atom that lacks one bond a double bond to a
// neighbour which lacks one too, and clears all aromatic marks. Which of several
// Kekulé forms comes out does not matter: aromaticity is perceived anew, and
// looks at the sum of an atom's bonds in its rings only.
func (k *kekuliser) place(s *Structure, rings *ringFinder) error {
	k.open = resize(k.open, len(s.Atoms))
	k.aromatic = resize(k.aromatic, len(s.Bonds))
	for b := range s.Bonds {
		k.aromatic[b] = s.Bonds[b].Order == Aromatic
	}
	for i := range s.Atoms {
		i := int32(i)
		a := &s.Atoms[i]
		if a.Aromatic && rings.atomUses[i] == 0 {
			return &KekuleError{int(i), a.Element}
		}
		k.open[i] = s.aromatic(i) && k.lacksOne(s, i)
	}
	for b := range s.Bonds {
		if k.aromatic[b] {
			s.Bonds[b].Order = Single
		}
	}
	k.steps = 0
	if !k.match(s) {
		for i := range s.Atoms {
			if k.open[i] {
				return &KekuleError{i, s.Atoms[i].Element}
			}
		}
	}
	return clearAromatic(s)
}

// lacksOne says whether the bonds of atom i, its aromatic ones counted single,
// stay one below the valence it is to have.
func (k *kekuliser) lacksOne(s *Structure, i int32) bool {
	a := &s.Atoms[i]
	sum := a.AllHydrogens()
	for _, h := range s.around(i) {
		if k.aromatic[h.bond] {
			sum++
		} else {
			sum += int(s.Bonds[h.bond].Order)
		}
	}
	total := int(a.explicit + a.implicit)
	list := valenceLists[a.Element]
	valence := list[0] + a.bondsGained()
	for _, v := range list[1:] {
		if total <= valence || v <= 0 {
			break
		}
		valence = v + a.bondsGained()
	}
	return s.degree(i)+int(a.implicit) < valence && valence == sum+1
}

// match places double bonds on all open atoms, always next on the one with the
// fewest choices, and takes back what leads nowhere.
func (k *kekuliser) match(s *Structure) bool {
	if k.steps++; k.steps > mostSteps*len(s.Atoms) {
		return false
	}
	at, fewest := int32(-1), len(s.Atoms)+1
	for i := range k.open {
		if !k.open[i] {
			continue
		}
		if n := k.choices(s, int32(i)); n < fewest {
			at, fewest = int32(i), n
		}
	}
	if at < 0 {
		return true
	}
	k.open[at] = false
	for _, h := range s.around(at) {
		if !k.aromatic[h.bond] || !k.open[h.to] {
			continue
		}
		k.open[h.to] = false
		s.Bonds[h.bond].Order = Double
		if k.match(s) {
			return true
		}
		s.Bonds[h.bond].Order = Single
		k.open[h.to] = true
	}
	k.open[at] = true
	return false
}

func (k *kekuliser) choices(s *Structure, i int32) (n int) {
	for _, h := range s.around(i) {
		if k.aromatic[h.bond] && k.open[h.to] {
			n++
		}
	}
	return n
}

// clearAromatic makes every atom of the Kekulé form an ordinary one: the
// hydrogen written on pyrrole's nitrogen fills an open valence again.
func clearAromatic(s *Structure) error {
	for i := range s.Atoms {
		i := int32(i)
		a := &s.Atoms[i]
		if !a.Aromatic {
			continue
		}
		a.Aromatic = false
		if (a.Element != N && a.Element != P) || a.Charge != 0 || a.Hydrogens != 1 {
			continue
		}
		before := a.explicit + a.implicit
		a.NoImplicit, a.Hydrogens = false, 0
		a.explicit = int16(s.explicitValence(i))
		hydrogens, _ := s.implicitValence(i)
		a.implicit = int16(hydrogens)
		if a.explicit+a.implicit != before {
			return &KekuleError{int(i), a.Element}
		}
	}
	return nil
}
