package datasets

import (
	"fmt"

	"equifm/molecule"
)

// Vocabulary is how elements become features: one channel an element, one-hot,
// and for QM9 one more with the atomic number. EDM's scales (Hoogeboom et al.
// 2022, arXiv 2203.17003, appendix C) weigh types against positions.
type Vocabulary struct {
	Elements []molecule.Element
	Charge   bool // a channel for Z
}

// Scales of the feature channels: h = [one-hot/4, Z/10].
const (
	typeScale   = 4
	chargeScale = 10
)

// QM9Vocabulary returns H C N O F and the channel for Z: 6 features.
func QM9Vocabulary() Vocabulary {
	return Vocabulary{[]molecule.Element{molecule.H, molecule.C, molecule.N, molecule.O, molecule.F}, true}
}

// GEOMVocabulary returns the 16 elements of GEOM-Drugs, without a channel for Z.
func GEOMVocabulary() Vocabulary {
	return Vocabulary{[]molecule.Element{molecule.H, molecule.B, molecule.C, molecule.N, molecule.O, molecule.F, molecule.Al,
		molecule.Si, molecule.P, molecule.S, molecule.Cl, molecule.As, molecule.Br, molecule.I, molecule.Hg, molecule.Bi}, false}
}

// Features returns F, the number of channels.
func (v Vocabulary) Features() int {
	if v.Charge {
		return len(v.Elements) + 1
	}
	return len(v.Elements)
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
		h[f*i+k] = 1.0 / typeScale
		if v.Charge {
			h[f*i+f-1] = T(e) / chargeScale
		}
	}
	return x, h, nil
}

// Decode returns the molecule at positions x (N, 3), Å, each atom of the element
// whose channel in h (N, F) is largest. The channel for Z is not asked.
func Decode[T float32 | float64](v Vocabulary, x, h []T) *molecule.Molecule {
	f := v.Features()
	m := &molecule.Molecule{Pos: make([][3]float64, len(x)/3)}
	for i := range m.Pos {
		for c := range 3 {
			m.Pos[i][c] = float64(x[3*i+c])
		}
		row, best := h[f*i:f*(i+1)], 0
		for k := range v.Elements {
			if row[k] > row[best] {
				best = k
			}
		}
		m.Elements = append(m.Elements, v.Elements[best])
	}
	return m
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
