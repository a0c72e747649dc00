package molecule

import (
	"fmt"
	"strings"
)

// ValenceError says that an atom has more bonds than its element can have.
type ValenceError struct {
	Atom    int // counted from 0
	Element Element
	Charge  int
	Valence int   // sum of bond orders and hydrogens
	Allowed []int // what the element can have at that charge
}

func (e *ValenceError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "atom %d (%v%s): valence %d, allowed ", e.Atom, e.Element, chargeMark(e.Charge), e.Valence)
	for i, v := range e.Allowed {
		switch {
		case i == 0:
		case i == len(e.Allowed)-1:
			b.WriteString(" or ")
		default:
			b.WriteString(", ")
		}
		fmt.Fprint(&b, v)
	}
	return b.String()
}

// KekuleError says that the double bonds of an aromatic system cannot be placed.
type KekuleError struct {
	Atom    int // counted from 0, the first that stays without its double bond
	Element Element
}

func (e *KekuleError) Error() string {
	return fmt.Sprintf("atom %d (%v): aromatic, but no double bond can be placed on it", e.Atom, e.Element)
}

// RingError says that the rings are too entangled to be enumerated.
type RingError struct{ Atoms int }

func (e *RingError) Error() string {
	return fmt.Sprintf("rings of %d atoms are too entangled to be enumerated", e.Atoms)
}

func (s *Structure) valenceError(i int32) *ValenceError {
	a := &s.Atoms[i]
	e := &ValenceError{Atom: int(i), Element: a.Element, Charge: int(a.Charge), Valence: int(a.explicit)}
	for _, v := range valenceLists[a.Element] {
		if v += a.bondsGained(); v >= 0 {
			e.Allowed = append(e.Allowed, v)
		}
	}
	return e
}

func chargeMark(charge int) string {
	switch {
	case charge == 0:
		return ""
	case charge == 1:
		return "+"
	case charge == -1:
		return "-"
	}
	return fmt.Sprintf("%+d", charge)
}

// Sanitize judges the graph by RDKit's rules for a molecule of explicit bonds:
// nitro groups and their like are written with charges, no atom may exceed its
// element's valences, open valences are filled with hydrogens, and aromatic
// rings are marked. The error, if any, is a *ValenceError, *KekuleError or
// *RingError.
func Sanitize(g *Graph) (*Structure, error) {
	s := NewStructure(g)
	if err := s.Sanitize(); err != nil {
		return nil, err
	}
	return s, nil
}

// Sanitize judges and completes s in place; after an error its state is that of
// the step that failed. See the function Sanitize.
func (s *Structure) Sanitize() error {
	s.link()
	return new(workspace).sanitize(s)
}

// workspace is the memory that one molecule after another is judged in.
type workspace struct {
	rings  ringFinder
	kekule kekuliser
	arom   aromatiser
	canon  canoniser
	write  smilesWriter
}

// sanitize expects s to be linked.
func (w *workspace) sanitize(s *Structure) error {
	s.separateCharges()
	if err := s.setValences(); err != nil {
		return err
	}
	if err := w.rings.find(s); err != nil {
		return err
	}
	if s.anyAromatic() {
		if err := w.kekule.place(s, &w.rings); err != nil {
			return err
		}
	}
	w.arom.perceive(s, &w.rings)
	s.keepHydrogens()
	return nil
}

func (s *Structure) anyAromatic() bool {
	for i := range s.Atoms {
		if s.Atoms[i].Aromatic {
			return true
		}
	}
	for _, b := range s.Bonds {
		if b.Order == Aromatic {
			return true
		}
	}
	return false
}

// keepHydrogens recomputes the valences with the aromatic bonds. A hydrogen that
// would be lost by that, such as that of pyrrole's nitrogen, becomes a written
// one.
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
