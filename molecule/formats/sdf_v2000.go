package formats

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"

	"equifm/molecule"
)

// The V2000 connection table stands in fixed columns:
//
//	aaabbb…                                  counts: atoms, bonds
//	xxxxx.xxxxyyyyy.yyyyzzzzz.zzzz aaaddccc… an atom: Å, symbol, old mark of charge
//	111222ttt…                               a bond: two atoms, order
//	M  CHGnn8 aaa vvv aaa vvv…               charges of nn atoms (sdf_charge.go)
//	M  ISO, …                                passed over
//	M  END

// v2000 reads the table behind its counts line.
func (s *SDFReader) v2000(counts string, m *molecule.Molecule, g *molecule.Graph) error {
	c := []byte(counts)
	atoms, err := parseCount(column(c, 0, 3), "an atom count in columns 1-3")
	if err != nil {
		return s.errorf("%w", err)
	}
	bonds, err := parseCount(column(c, 3, 6), "a bond count in columns 4-6")
	if err != nil {
		return s.errorf("%w", err)
	}
	m.Elements, m.Pos = make([]molecule.Element, atoms), make([][3]float64, atoms)
	g.Charges = make([]int8, atoms)
	for i := range atoms {
		line, err := s.must("an atom line")
		if err != nil {
			return err
		}
		for k := range 3 {
			if m.Pos[i][k], err = parseFloat(column(line, 10*k, 10*k+10)); err != nil {
				return s.errorf("columns %d-%d: %w", 10*k+1, 10*k+10, err)
			}
		}
		if m.Elements[i], err = parseSymbol(column(line, 31, 34)); err != nil {
			return s.errorf("columns 32-34: %w", err)
		}
		if g.Charges[i], err = parseMark(column(line, 36, 39)); err != nil {
			return s.errorf("columns 37-39: %w", err)
		}
	}
	g.Bonds = slices.Grow(g.Bonds, bonds)
	for range bonds {
		line, err := s.must("a bond line")
		if err != nil {
			return err
		}
		b, err := v2000Bond(line, atoms)
		if err != nil {
			return s.errorf("%w", err)
		}
		g.Bonds = append(g.Bonds, b)
	}
	return s.properties(g)
}

// v2000Bond reads a bond of a molecule with n atoms.
func v2000Bond(line []byte, n int) (b molecule.Bond, err error) {
	i, err1 := strconv.Atoi(string(column(line, 0, 3)))
	j, err2 := strconv.Atoi(string(column(line, 3, 6)))
	if err1 != nil || err2 != nil || min(i, j) < 1 || max(i, j) > n || i == j {
		return b, fmt.Errorf("expected two atoms between 1 and %d in columns 1-3 and 4-6, found %s", n, shown(line))
	}
	order, err := parseOrder(column(line, 6, 9))
	return molecule.Bond{I: int32(i - 1), J: int32(j - 1), Order: order}, err
}

// properties reads the lines up to "M  END". A line of charges or of radicals is
// instead of all marks on the atoms' lines.
func (s *SDFReader) properties(g *molecule.Graph) error {
	for marks := true; ; {
		line, err := s.must(`"M  END"`)
		if err != nil {
			return err
		}
		charges := bytes.HasPrefix(line, []byte("M  CHG"))
		if marks && (charges || bytes.HasPrefix(line, []byte("M  RAD"))) {
			clear(g.Charges)
			marks = false
		}
		switch {
		case charges:
			if err := v2000Charges(line, g.Charges); err != nil {
				return s.errorf("%w", err)
			}
		case bytes.HasPrefix(line, []byte("M  END")):
			return nil
		case bytes.HasPrefix(line, []byte("$$$$")):
			return s.errorf(`expected "M  END", found "$$$$"`)
		}
	}
}

// column is what stands in the columns from … to-1 of a line, counted from 0,
// without blanks around.
func column(line []byte, from, to int) []byte {
	if from >= len(line) {
		return nil
	}
	return bytes.Trim(line[from:min(to, len(line))], " \t")
}
