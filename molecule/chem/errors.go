package chem

import (
	"fmt"
	"strings"

	"equifm/molecule"
)

// ValenceError says that an atom has more bonds than its element can have.
type ValenceError struct {
	Atom    int // counted from 0; the error's text counts from 1, as files do
	Element molecule.Element
	Charge  int
	Valence int   // sum of bond orders and hydrogens
	Allowed []int // what the element can have at that charge
}

func (e *ValenceError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "atom %d (%v%s): valence %d, allowed ", e.Atom+1, e.Element, ChargeMark(e.Charge), e.Valence)
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
	Element molecule.Element
}

func (e *KekuleError) Error() string {
	return fmt.Sprintf("atom %d (%v): aromatic, but no double bond can be placed on it", e.Atom+1, e.Element)
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

// ChargeMark is how SMILES and the errors here write a charge: +, -, +2; nothing
// for none.
func ChargeMark(charge int) string {
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
