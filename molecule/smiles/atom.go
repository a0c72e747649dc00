package smiles

import (
	"strings"

	"equifm/molecule"
	"equifm/molecule/chem"
)

// bare reads an atom of the organic subset.
func (p *reader) bare() error {
	rest := p.text[p.at:]
	for _, symbol := range []string{"Cl", "Br", "B", "C", "N", "O", "P", "S", "F", "I", "b", "c", "n", "o", "p", "s"} {
		if strings.HasPrefix(rest, symbol) {
			p.at += len(symbol)
			return p.addAtom(atomOf(symbol))
		}
	}
	return p.fail("%q is neither an atom nor a bond", rest[0])
}

// atomOf returns the atom of a symbol, aromatic if it begins in lower case.
func atomOf(symbol string) chem.Atom {
	upper := strings.ToUpper(symbol[:1]) + symbol[1:]
	element, _ := molecule.ParseElement(upper)
	return chem.Atom{Element: element, Aromatic: upper != symbol}
}

// addAtom adds a and its bond to the atom before.
func (p *reader) addAtom(a chem.Atom) error {
	i := int32(len(p.s.Atoms))
	p.s.Atoms = append(p.s.Atoms, a)
	sign := p.pending
	p.pending = 0
	before := p.last
	p.last = i
	if before < 0 {
		return nil
	}
	return p.addBond(before, i, sign)
}
