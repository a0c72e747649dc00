package datasets

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"equifm/molecule"
)

// Vocabulary is how elements become features: one channel an element, one-hot,
// and for QM9 one more with the atomic number. EDM's scales (Hoogeboom et al.
// 2022, arXiv 2203.17003, appendix C) weigh types against positions. At least one
// of Types and AtomicNumber is set.
type Vocabulary struct {
	Elements     []molecule.Element
	Types        bool // a channel for every element
	AtomicNumber bool // a channel for Z

	Height float64 // of a one-hot; 0 for TypeHeight
	Unit   float64 // the channel of Z holds Z over this; 0 for NumberUnit
}

// Heights of the feature channels: h = [one-hot/4, Z/10]. EDM's models of a property
// have one-hot/8 and no Z.
const (
	TypeHeight = 1.0 / 4
	NumberUnit = 10
)

// TypeHeight returns how high a one-hot is.
func (v Vocabulary) TypeHeight() float64 { return cmp.Or(v.Height, TypeHeight) }

// NumberUnit returns what Z is divided by.
func (v Vocabulary) NumberUnit() float64 { return cmp.Or(v.Unit, NumberUnit) }

// QM9Vocabulary returns H C N O F and the channel for Z: 6 features.
func QM9Vocabulary() Vocabulary {
	return Vocabulary{Elements: molecule.QM9Elements(), Types: true, AtomicNumber: true}
}

// GEOMVocabulary returns the 16 elements of GEOM-Drugs, without a channel for Z.
func GEOMVocabulary() Vocabulary {
	return Vocabulary{Elements: molecule.GEOMElements(), Types: true}
}

// ElementsOf returns the elements of molecules, by atomic number.
func ElementsOf(mols []molecule.Molecule) []molecule.Element {
	var there [256]bool
	for i := range mols {
		for _, e := range mols[i].Elements {
			there[e] = true
		}
	}
	return listed(&there)
}

// listed lists the elements that are marked.
func listed(there *[256]bool) (elements []molecule.Element) {
	for e, yes := range there {
		if yes {
			elements = append(elements, molecule.Element(e))
		}
	}
	return elements
}

// Features returns F, the number of channels.
func (v Vocabulary) Features() (n int) {
	if v.Types {
		n = len(v.Elements)
	}
	if v.AtomicNumber {
		n++
	}
	return n
}

// Encode returns the positions x (N, 3), Å, centre of mass (all atoms alike) at
// the origin, and the features h (N, F) of a molecule. An element outside the
// vocabulary is an error.
func Encode[T float32 | float64](v Vocabulary, m *molecule.Molecule) (x, h []T, err error) {
	return EncodeInto(v, m, x, h)
}

// EncodeInto is Encode into memory that is used again.
func EncodeInto[T float32 | float64](v Vocabulary, m *molecule.Molecule, xBefore, hBefore []T) (x, h []T, err error) {
	n, f := m.Len(), v.Features()
	x, h = slices.Grow(xBefore[:0], 3*n)[:3*n], slices.Grow(hBefore[:0], f*n)[:f*n]
	clear(h)
	var mean [3]float64
	for _, p := range m.Pos {
		for c := range mean {
			mean[c] += p[c] / float64(n)
		}
	}
	for i, e := range m.Elements {
		for c := range mean {
			x[3*i+c] = T(m.Pos[i][c] - mean[c])
		}
		k := v.index(e)
		if k < 0 {
			return nil, nil, fmt.Errorf("atom %d is %v, expected one of %v", i+1, e, v.Elements)
		}
		if v.Types {
			h[f*i+k] = T(v.TypeHeight())
		}
		if v.AtomicNumber {
			h[f*i+f-1] = T(e) / T(v.NumberUnit())
		}
	}
	return x, h, nil
}

// Decode returns the molecule at positions x (N, 3), Å, each atom of the element
// whose channel in h (N, F) is largest; the channel for Z is not asked. Where it
// is the only one, the element with the nearest Z.
func Decode[T float32 | float64](v Vocabulary, x, h []T) *molecule.Molecule {
	f := v.Features()
	m := &molecule.Molecule{Pos: make([][3]float64, len(x)/3)}
	for i := range m.Pos {
		for c := range 3 {
			m.Pos[i][c] = float64(x[3*i+c])
		}
		m.Elements = append(m.Elements, decode(v, h[f*i:f*(i+1)]))
	}
	return m
}

// decode returns the element of one atom's features (F).
func decode[T float32 | float64](v Vocabulary, row []T) molecule.Element {
	best, unit := 0, v.NumberUnit()
	for k, e := range v.Elements {
		if v.Types {
			if row[k] > row[best] {
				best = k
			}
		} else if math.Abs(float64(row[0])*unit-float64(e)) < math.Abs(float64(row[0])*unit-float64(v.Elements[best])) {
			best = k
		}
	}
	return v.Elements[best]
}

// index returns the channel of e, or -1.
func (v Vocabulary) index(e molecule.Element) int {
	for k, x := range v.Elements {
		if x == e {
			return k
		}
	}
	return -1
}
