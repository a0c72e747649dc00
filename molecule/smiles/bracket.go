package smiles

import (
	"strings"

	"equifm/molecule"
	"equifm/molecule/chem"
)

// Elements that may be written aromatic in brackets.
var aromaticSymbols = []string{"se", "as", "te", "si", "al", "b", "c", "n", "o", "p", "s"}

// bracket reads [isotope symbol chirality hydrogens charge].
func (p *reader) bracket() error {
	p.at++
	isotope, _ := p.number(4)
	a, ok := p.symbol()
	if !ok {
		return p.fail("no element in the brackets")
	}
	a.Isotope, a.NoImplicit = uint16(isotope), true
	for range 2 {
		p.skip('@')
	}
	if p.skip('H') {
		a.Hydrogens = 1
		if n, digits := p.number(2); digits > 0 {
			a.Hydrogens = uint8(n)
		}
	}
	charge, err := p.charge()
	if err != nil {
		return err
	}
	a.Charge = charge
	if !p.skip(']') {
		return p.fail("the brackets are not closed, or hold what this reader does not know")
	}
	return p.addAtom(a)
}

// skip passes over c if it is next.
func (p *reader) skip(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

// symbol reads an element, the longest that fits.
func (p *reader) symbol() (chem.Atom, bool) {
	rest := p.text[p.at:]
	for _, symbol := range aromaticSymbols {
		if strings.HasPrefix(rest, symbol) {
			p.at += len(symbol)
			return atomOf(symbol), true
		}
	}
	for n := min(2, len(rest)); n > 0; n-- {
		if e, ok := molecule.ParseElement(rest[:n]); ok {
			p.at += n
			return chem.Atom{Element: e}, true
		}
	}
	return chem.Atom{}, false
}

// charge reads +, ++, +2 and the like.
func (p *reader) charge() (int8, error) {
	if p.at >= len(p.text) {
		return 0, nil
	}
	sign := p.text[p.at]
	if sign != '+' && sign != '-' {
		return 0, nil
	}
	n := 0
	for p.skip(sign) {
		n++
	}
	if given, digits := p.number(3); digits > 0 {
		if n > 1 {
			return 0, p.fail("a charge is written twice")
		}
		n = given
	}
	if n > 99 {
		return 0, p.fail("a charge of %d", n)
	}
	if sign == '-' {
		n = -n
	}
	return int8(n), nil
}
