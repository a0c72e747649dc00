package formats

import (
	"bytes"
	"fmt"

	"equifm/molecule"
)

// The V3000 connection table, every line behind "M  V30 " (a "-" at its end
// goes on on the next):
//
//	BEGIN CTAB
//	COUNTS atoms bonds …
//	BEGIN ATOM
//	index symbol x y z … CHG=c    Å; any index, each once
//	END ATOM
//	BEGIN BOND
//	index order atom atom …   by the atoms' indices
//	END BOND
//	END CTAB
//
// Other blocks (SGROUP, COLLECTION, …) are passed over.

var v30 = []byte("M  V30 ")

func (s *SDFReader) v3000(m *molecule.Molecule, g *molecule.Graph) error {
	var atoms, bonds int
	place := map[string]int{} // an atom's index in the file → its place + 1
	for {
		words, err := s.v30Words()
		if err != nil {
			return err
		}
		switch {
		case words == nil: // "M  END"
			if len(m.Elements) != atoms || len(g.Bonds) != bonds {
				return s.errorf("expected %d atoms and %d bonds, found %d and %d", atoms, bonds, len(m.Elements), len(g.Bonds))
			}
			return nil
		case is(words, "COUNTS") && len(words) >= 3:
			if atoms, err = parseCount(words[1], "an atom count"); err == nil {
				bonds, err = parseCount(words[2], "a bond count")
			}
			if err != nil {
				return s.errorf("%w", err)
			}
		case is(words, "BEGIN", "ATOM"):
			err = s.v30Block("ATOM", func(w [][]byte) error { return v30Atom(w, m, g, place) }, atoms)
		case is(words, "BEGIN", "BOND"):
			err = s.v30Block("BOND", func(w [][]byte) error { return v30Bond(w, g, place) }, bonds)
		case is(words, "BEGIN", "CTAB"), is(words, "END", "CTAB"):
		case is(words, "BEGIN") && len(words) > 1:
			err = s.v30Block(string(words[1]), func([][]byte) error { return nil }, maxAtoms)
		}
		if err != nil {
			return err
		}
	}
}

// v30Block hands the lines of a block to take, at most that many.
func (s *SDFReader) v30Block(kind string, take func([][]byte) error, most int) error {
	for n := 0; ; n++ {
		words, err := s.v30Words()
		if err != nil {
			return err
		}
		if is(words, "END", kind) {
			return nil
		}
		if words == nil || n == most {
			return s.errorf("expected END %s after at most %d lines", kind, most)
		}
		if err := take(words); err != nil {
			return s.errorf("%w", err)
		}
	}
}

func v30Atom(w [][]byte, m *molecule.Molecule, g *molecule.Graph, place map[string]int) (err error) {
	if len(w) < 5 {
		return expected("index, symbol, x, y, z", w)
	}
	if place[string(w[0])] != 0 {
		return expected("an index that is new", w)
	}
	e, err := parseSymbol(w[1])
	if err != nil {
		return err
	}
	var pos [3]float64
	for k := range pos {
		if pos[k], err = parseFloat(w[2+k]); err != nil {
			return err
		}
	}
	charge, err := v3000Charge(w[5:])
	if err != nil {
		return err
	}
	m.Elements, m.Pos, g.Charges = append(m.Elements, e), append(m.Pos, pos), append(g.Charges, charge)
	place[string(w[0])] = len(m.Elements)
	return nil
}

func v30Bond(w [][]byte, g *molecule.Graph, place map[string]int) error {
	if len(w) < 4 {
		return expected("index, order, two atoms", w)
	}
	a, b := place[string(w[2])], place[string(w[3])]
	if a == 0 || b == 0 || a == b {
		return expected("two different atoms by their indices", w)
	}
	order, err := parseOrder(w[1])
	g.Bonds = append(g.Bonds, molecule.Bond{I: int32(a - 1), J: int32(b - 1), Order: order})
	return err
}

// v30Words returns the words of the next line of the table, nil for "M  END".
// A quoted word with blanks comes in pieces; nothing that is read here has one.
func (s *SDFReader) v30Words() ([][]byte, error) {
	var text []byte
	for some := false; ; {
		line, err := s.must(`"M  V30 " or "M  END"`)
		if err != nil {
			return nil, err
		}
		if len(text) == 0 && bytes.HasPrefix(line, []byte("M  END")) {
			return nil, nil
		}
		rest, ok := bytes.CutPrefix(line, v30)
		if !ok || len(text) > maxLine {
			return nil, s.errorf(`expected "M  V30 " or "M  END", found %s`, shown(line))
		}
		rest, more := bytes.CutSuffix(rest, []byte("-"))
		text, some = append(text, rest...), some || len(bytes.TrimSpace(rest)) > 0
		switch {
		case more:
		case some:
			return bytes.Fields(text), nil
		default:
			return nil, s.errorf(`expected words after "M  V30 "`)
		}
	}
}

func expected(what string, line [][]byte) error {
	return fmt.Errorf("expected %s, found %s", what, shown(bytes.Join(line, []byte(" "))))
}

// is tells whether a line begins with these words.
func is(line [][]byte, words ...string) bool {
	if len(line) < len(words) {
		return false
	}
	for i, w := range words {
		if string(line[i]) != w {
			return false
		}
	}
	return true
}
