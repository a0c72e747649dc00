package molecule

import (
	"fmt"
	"strings"
)

// SMILESError says where a SMILES string cannot be read.
type SMILESError struct {
	Offset int // byte, counted from 0
	Reason string
}

func (e *SMILESError) Error() string {
	return fmt.Sprintf("SMILES: byte %d: %s", e.Offset, e.Reason)
}

// ParseSMILES reads a SMILES string. Bonds between aromatic atoms are aromatic
// where a ring runs through them and no sign says otherwise. Marks of
// stereochemistry (@, /, \) are read and dropped; isotopes are kept; atom maps,
// wild cards and quadruple bonds are refused. The result is as written, with the
// hydrogens that the string implies; Sanitize checks its valences and perceives
// its aromaticity anew.
func ParseSMILES(text string) (*Structure, error) {
	p := &smilesReader{text: text, last: -1, rings: map[int]ringEnd{}}
	if err := p.read(); err != nil {
		return nil, err
	}
	p.s.link()
	if err := p.settleBonds(); err != nil {
		return nil, err
	}
	p.s.fillHydrogens()
	return p.s, nil
}

// smilesReader reads one string from left to right.
type smilesReader struct {
	text    string
	at      int // next byte
	s       *Structure
	last    int32 // atom that the next one is bonded to, -1 for none
	pending byte  // sign of the next bond, 0 for none
	branch  []int32
	rings   map[int]ringEnd
	implied []int32 // bonds written without a sign
	bonded  map[[2]int32]bool
}

// ringEnd is the open end of a ring bond.
type ringEnd struct {
	atom int32
	sign byte
	at   int
}

func (p *smilesReader) fail(format string, args ...any) error {
	return &SMILESError{p.at, fmt.Sprintf(format, args...)}
}

func (p *smilesReader) read() error {
	p.s = &Structure{}
	p.bonded = map[[2]int32]bool{}
	for p.at < len(p.text) {
		if err := p.item(); err != nil {
			return err
		}
	}
	switch {
	case p.pending != 0:
		return p.fail("a bond leads nowhere")
	case len(p.branch) > 0:
		return p.fail("%d branches are not closed", len(p.branch))
	case len(p.rings) > 0:
		return p.fail("%d rings are not closed", len(p.rings))
	case p.last < 0 && len(p.s.Atoms) > 0:
		return p.fail("a dot with nothing after it")
	}
	return nil
}

// item reads one atom, bond, branch mark, ring number or dot.
func (p *smilesReader) item() error {
	switch c := p.text[p.at]; {
	case strings.IndexByte(`-=#:/\`, c) >= 0:
		if p.pending != 0 || p.last < 0 {
			return p.fail("%q has no atom before it", c)
		}
		p.pending = c
	case c == '.':
		if p.pending != 0 || p.last < 0 || len(p.branch) > 0 {
			return p.fail("a dot in the wrong place")
		}
		p.last = -1
	case c == '(':
		if p.pending != 0 || p.last < 0 {
			return p.fail("a branch has no atom before it")
		}
		p.branch = append(p.branch, p.last)
	case c == ')':
		if p.pending != 0 || len(p.branch) == 0 || p.text[p.at-1] == '(' {
			return p.fail("a branch ends in the wrong place")
		}
		p.last = p.branch[len(p.branch)-1]
		p.branch = p.branch[:len(p.branch)-1]
	case c >= '0' && c <= '9' || c == '%':
		return p.ring()
	case c == '[':
		return p.bracket()
	default:
		return p.bare()
	}
	p.at++
	return nil
}

// bare reads an atom of the organic subset.
func (p *smilesReader) bare() error {
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
func atomOf(symbol string) Atom {
	upper := strings.ToUpper(symbol[:1]) + symbol[1:]
	return Atom{Element: bySymbol[upper], Aromatic: upper != symbol}
}

// addAtom adds a and its bond to the atom before.
func (p *smilesReader) addAtom(a Atom) error {
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

func (p *smilesReader) addBond(i, j int32, sign byte) error {
	i, j = min(i, j), max(i, j)
	if i == j || p.bonded[[2]int32{i, j}] {
		return p.fail("atoms %d and %d are bonded twice", i, j)
	}
	p.bonded[[2]int32{i, j}] = true
	order := Single
	switch sign {
	case '=':
		order = Double
	case '#':
		order = Triple
	case ':':
		order = Aromatic
	case 0:
		p.implied = append(p.implied, int32(len(p.s.Bonds)))
	}
	p.s.Bonds = append(p.s.Bonds, Bond{i, j, order})
	return nil
}

// ring reads a ring number: a digit, % and two, or %( ).
func (p *smilesReader) ring() error {
	if p.last < 0 {
		return p.fail("a ring number has no atom before it")
	}
	start := p.at
	n := 0
	switch rest := p.text[p.at:]; {
	case rest[0] != '%':
		n, p.at = int(rest[0]-'0'), p.at+1
	case len(rest) > 1 && rest[1] == '(':
		p.at += 2
		digits := 0
		n, digits = p.number(5)
		if digits == 0 || p.at >= len(p.text) || p.text[p.at] != ')' {
			return p.fail("a ring number is not closed")
		}
		p.at++
	default:
		p.at++
		digits := 0
		if n, digits = p.number(2); digits != 2 {
			return p.fail("%% needs two digits")
		}
	}
	sign := p.pending
	p.pending = 0
	end, open := p.rings[n]
	if !open {
		p.rings[n] = ringEnd{p.last, sign, start}
		return nil
	}
	delete(p.rings, n)
	if sign != 0 && end.sign != 0 && plainSign(sign) != plainSign(end.sign) {
		return p.fail("the two ends of ring %d differ in their bond", n)
	}
	if sign == 0 {
		sign = end.sign
	}
	return p.addBond(end.atom, p.last, sign)
}

// plainSign drops the direction of a single bond.
func plainSign(sign byte) byte {
	if sign == '/' || sign == '\\' {
		return '-'
	}
	return sign
}

// number reads up to most digits.
func (p *smilesReader) number(most int) (n, digits int) {
	for p.at < len(p.text) && digits < most && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		n = 10*n + int(p.text[p.at]-'0')
		p.at++
		digits++
	}
	return n, digits
}

// settleBonds makes unsigned bonds between aromatic atoms aromatic where they
// are part of a ring. No other bond may be aromatic.
func (p *smilesReader) settleBonds() error {
	bridge := bridges(p.s)
	for b := range p.s.Bonds {
		if p.s.Bonds[b].Order == Aromatic && bridge[b] {
			return p.fail("an aromatic bond in no ring")
		}
	}
	for _, b := range p.implied {
		bond := &p.s.Bonds[b]
		if p.s.Atoms[bond.I].Aromatic && p.s.Atoms[bond.J].Aromatic && !bridge[b] {
			bond.Order = Aromatic
		}
	}
	return nil
}

// bridges says of each bond whether it is in no ring (Tarjan, Inf. Process.
// Lett. 2, 160, 1974).
func bridges(s *Structure) []bool {
	bridge := make([]bool, len(s.Bonds))
	met, low := make([]int, len(s.Atoms)), make([]int, len(s.Atoms))
	clock := 0
	var walk func(i, by int32)
	walk = func(i, by int32) {
		clock++
		met[i], low[i] = clock, clock
		for _, h := range s.around(i) {
			if h.bond == by {
				continue
			}
			if met[h.to] == 0 {
				walk(h.to, h.bond)
				bridge[h.bond] = low[h.to] > met[i]
			}
			low[i] = min(low[i], low[h.to])
		}
	}
	for i := range int32(len(s.Atoms)) {
		if met[i] == 0 {
			walk(i, -1)
		}
	}
	return bridge
}
