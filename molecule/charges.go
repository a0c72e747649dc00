package molecule

// separateCharges rewrites the uncharged forms of groups that RDKit wants with
// charges: N(=O)=O as [N+](=O)[O-], N=N#N as N=[N+]=[N-], C=P(=O)X as
// C=[P+]([O-])X, and the oxo acids of the halogens. Atoms are visited in order,
// and of two equal neighbours the first takes the charge.
func (s *Structure) separateCharges() {
	for i := range s.Atoms {
		if s.Atoms[i].Charge != 0 {
			continue
		}
		switch s.Atoms[i].Element {
		case N:
			s.separateNitrogen(int32(i))
		case P:
			s.separatePhosphorus(int32(i))
		case Cl, Br, I:
			s.separateHalogen(int32(i))
		}
	}
}

func (s *Structure) separateNitrogen(i int32) {
	a := &s.Atoms[i]
	flag := a.Aromatic
	a.Aromatic = false
	five := s.explicitValence(i) == 5
	a.Aromatic = flag
	if !five {
		return
	}
	for _, h := range s.around(i) {
		other, b := &s.Atoms[h.to], &s.Bonds[h.bond]
		if other.Charge != 0 {
			continue
		}
		if other.Element == O && b.Order == Double || other.Element == N && b.Order == Triple {
			b.Order--
			a.Charge, other.Charge = 1, -1
			return
		}
	}
}

func (s *Structure) separatePhosphorus(i int32) {
	if s.degree(i) != 3 || s.explicitValence(i) != 5 {
		return
	}
	oxygen := halfBond{-1, -1}
	toCorN := false
	for _, h := range s.around(i) {
		if s.Bonds[h.bond].Order != Double {
			continue
		}
		switch other := &s.Atoms[h.to]; {
		case other.Element == O && other.Charge == 0:
			oxygen = h
		case (other.Element == C || other.Element == N) && s.degree(h.to) >= 2:
			toCorN = true
		}
	}
	if toCorN && oxygen.to >= 0 {
		s.Bonds[oxygen.bond].Order = Single
		s.Atoms[oxygen.to].Charge = -1
		s.Atoms[i].Charge = 1
	}
}

func (s *Structure) separateHalogen(i int32) {
	switch s.explicitValence(i) {
	case 3, 5, 7:
	default:
		return
	}
	for _, h := range s.around(i) {
		if s.Atoms[h.to].Element != O {
			return
		}
	}
	for _, h := range s.around(i) {
		if b := &s.Bonds[h.bond]; b.Order == Double {
			b.Order = Single
			s.Atoms[h.to].Charge = -1
			s.Atoms[i].Charge++
		}
	}
}
