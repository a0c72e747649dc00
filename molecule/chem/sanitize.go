package chem

import (
	"equifm/molecule"
	"equifm/molecule/rings"
)

// Sanitize judges the graph by RDKit's rules for a molecule of explicit bonds:
// nitro groups and their like are written with charges, no atom may exceed its
// element's valences, open valences are filled with hydrogens, and aromatic
// rings are marked. The error, if any, is a *ValenceError, *KekuleError or
// *rings.Error.
func Sanitize(g *molecule.Graph) (*Structure, error) {
	s := new(Structure)
	s.Reset(g)
	if err := new(Sanitizer).Sanitize(s); err != nil {
		return nil, err
	}
	return s, nil
}

// Sanitizer sanitises one structure after another in the same memory. The zero
// value is ready for use; it is not for several goroutines at once.
type Sanitizer struct {
	rings  rings.Finder
	kekule kekuliser
	arom   aromatiser
}

// Sanitize judges and completes s in place, which must be linked; after an error
// its state is that of the step that failed. See the function Sanitize.
func (w *Sanitizer) Sanitize(s *Structure) error {
	s.separateCharges()
	if err := s.setValences(); err != nil {
		return err
	}
	if err := w.rings.Find(&s.Links, s.Bonds); err != nil {
		return err
	}
	if s.AnyAromatic() {
		if err := w.kekule.place(s, &w.rings); err != nil {
			return err
		}
	}
	w.arom.perceive(s, &w.rings)
	s.keepHydrogens()
	return nil
}

// Kekulise writes s, which must be linked, with the charges of nitro groups and their
// like, and with single and double bonds in the place of aromatic ones. After an error s
// is in between.
func (w *Sanitizer) Kekulise(s *Structure) error {
	s.separateCharges()
	if !s.AnyAromatic() {
		return nil
	}
	if err := s.setValences(); err != nil {
		return err
	}
	if err := w.rings.Find(&s.Links, s.Bonds); err != nil {
		return err
	}
	return w.kekule.place(s, &w.rings)
}

// AnyAromatic tells whether an atom or bond is marked aromatic.
func (s *Structure) AnyAromatic() bool {
	for i := range s.Atoms {
		if s.Atoms[i].Aromatic {
			return true
		}
	}
	for _, b := range s.Bonds {
		if b.Order == molecule.Aromatic {
			return true
		}
	}
	return false
}

// keepHydrogens recomputes the valences with the aromatic bonds. A hydrogen that
// would be lost by that, such as that of pyrrole's nitrogen, becomes a written
// one: RDKit's adjustHs.
func (s *Structure) keepHydrogens() {
	for i := range s.Atoms {
		i := int32(i)
		a := &s.Atoms[i]
		before := a.implicit
		a.explicit = int16(s.explicitValence(i))
		now, _ := s.implicitValence(i)
		a.implicit = int16(now)
		if a.implicit < before {
			a.Hydrogens += uint8(before - a.implicit)
			a.explicit = int16(s.explicitValence(i))
		}
	}
}
