package datasets

import (
	"cmp"
	"fmt"
	"math"

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
}

// Heights of the feature channels: h = [one-hot/4, Z/10]. EDM's models of a property
// have one-hot/8 and no Z.
const (
	TypeHeight  = 1.0 / 4
	numberScale = 10
)

// TypeHeight returns how high a one-hot is.
func (v Vocabulary) TypeHeight() float64 { return cmp.Or(v.Height, TypeHeight) }

// NumberStep is how far apart the channel of Z has two elements next to each other.
const NumberStep = 1.0 / numberScale

// QM9Vocabulary returns H C N O F and the channel for Z: 6 features.
func QM9Vocabulary() Vocabulary {
	return Vocabulary{Elements: molecule.QM9Elements(), Types: true, AtomicNumber: true}
}

// GEOMVocabulary returns the 16 elements of GEOM-Drugs, without a channel for Z.
func GEOMVocabulary() Vocabulary {
	return Vocabulary{Elements: molecule.GEOMElements(), Types: true}
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
	n, f := m.Len(), v.Features()
	x, h = make([]T, 3*n), make([]T, f*n)
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
			return nil, nil, fmt.Errorf("atom %d is %v, expected one of %v", i, e, v.Elements)
		}
		if v.Types {
			h[f*i+k] = T(v.TypeHeight())
		}
		if v.AtomicNumber {
			h[f*i+f-1] = T(e) / numberScale
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
	best := 0
	for k, e := range v.Elements {
		if v.Types {
			if row[k] > row[best] {
				best = k
			}
		} else if math.Abs(float64(row[0])*numberScale-float64(e)) < math.Abs(float64(row[0])*numberScale-float64(v.Elements[best])) {
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
