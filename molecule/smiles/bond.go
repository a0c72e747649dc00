package smiles

import "equifm/molecule"

func (p *reader) addBond(i, j int32, sign byte) error {
	i, j = min(i, j), max(i, j)
	if i == j || p.bonded[[2]int32{i, j}] {
		return p.fail("atoms %d and %d are bonded twice", i+1, j+1)
	}
	p.bonded[[2]int32{i, j}] = true
	order := molecule.Single
	switch sign {
	case '=':
		order = molecule.Double
	case '#':
		order = molecule.Triple
	case ':':
		order = molecule.Aromatic
	case 0:
		p.implied = append(p.implied, int32(len(p.s.Bonds)))
	}
	p.s.Bonds = append(p.s.Bonds, molecule.Bond{I: i, J: j, Order: order})
	return nil
}

// ring reads a ring number: a digit, % and two, or %( ).
func (p *reader) ring() error {
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
func (p *reader) number(most int) (n, digits int) {
	for p.at < len(p.text) && digits < most && p.text[p.at] >= '0' && p.text[p.at] <= '9' {
		n = 10*n + int(p.text[p.at]-'0')
		p.at++
		digits++
	}
	return n, digits
}

// settleBonds makes unsigned bonds between aromatic atoms aromatic where they
// are part of a ring. No other bond may be aromatic.
func (p *reader) settleBonds() error {
	bridge := bridges(p.s)
	for b := range p.s.Bonds {
		if p.s.Bonds[b].Order == molecule.Aromatic && bridge[b] {
			return p.fail("an aromatic bond in no ring")
		}
	}
	for _, b := range p.implied {
		bond := &p.s.Bonds[b]
		if p.s.Atoms[bond.I].Aromatic && p.s.Atoms[bond.J].Aromatic && !bridge[b] {
			bond.Order = molecule.Aromatic
		}
	}
	return nil
}
