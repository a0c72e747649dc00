package smiles

import (
	"fmt"
	"strings"

	"equifm/molecule/chem"
)

// Error says where a SMILES string cannot be read.
type Error struct {
	Offset int // byte, counted from 0
	Reason string
}

func (e *Error) Error() string {
	return fmt.Sprintf("SMILES: byte %d: %s", e.Offset, e.Reason)
}

// Parse reads a SMILES string. Bonds between aromatic atoms are aromatic
// where a ring runs through them and no sign says otherwise. Marks of
// stereochemistry (@, /, \) are read and dropped; isotopes are kept; atom maps,
// wild cards and quadruple bonds are refused. The result is as written, with the
// hydrogens that the string implies; chem.Sanitizer checks its
// valences and perceives its aromaticity anew.
func Parse(text string) (*chem.Structure, error) {
	p := &reader{text: text, last: -1, rings: map[int]ringEnd{}}
	if err := p.read(); err != nil {
		return nil, err
	}
	p.s.Link()
	if err := p.settleBonds(); err != nil {
		return nil, err
	}
	p.s.FillHydrogens()
	return p.s, nil
}

// reader reads one string from left to right.
type reader struct {
	text    string
	at      int // next byte
	s       *chem.Structure
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

func (p *reader) fail(format string, args ...any) error {
	return &Error{p.at, fmt.Sprintf(format, args...)}
}

func (p *reader) read() error {
	p.s = &chem.Structure{}
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
func (p *reader) item() error {
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
