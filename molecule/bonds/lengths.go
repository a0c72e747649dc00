package bonds

import "equifm/molecule"

// Bond lengths in pm as EDM's evaluation uses them (Hoogeboom et al. 2022, arXiv
// 2203.17003); the five-element table is the part of the sixteen-element one
// that names no other element.

// bondLength is the length of the single, double and triple bond between a and
// b, in pm; 0 where there is none.
type bondLength struct {
	a, b molecule.Element
	pm   [3]float64
}

var qm9Lengths = geomLengths[:15]

var geomLengths = []bondLength{
	{molecule.C, molecule.C, [3]float64{154, 134, 120}},
	{molecule.C, molecule.F, [3]float64{135}},
	{molecule.C, molecule.H, [3]float64{109}},
	{molecule.C, molecule.N, [3]float64{147, 129, 116}},
	{molecule.C, molecule.O, [3]float64{143, 120, 113}},
	{molecule.F, molecule.F, [3]float64{142}},
	{molecule.F, molecule.H, [3]float64{92}},
	{molecule.F, molecule.N, [3]float64{136}},
	{molecule.F, molecule.O, [3]float64{142}},
	{molecule.H, molecule.H, [3]float64{74}},
	{molecule.H, molecule.N, [3]float64{101}},
	{molecule.H, molecule.O, [3]float64{96}},
	{molecule.N, molecule.N, [3]float64{145, 125, 110}},
	{molecule.N, molecule.O, [3]float64{140, 121}},
	{molecule.O, molecule.O, [3]float64{148, 121}},
	{molecule.As, molecule.H, [3]float64{152}},
	{molecule.B, molecule.Cl, [3]float64{175}},
	{molecule.B, molecule.H, [3]float64{119}},
	{molecule.Br, molecule.Br, [3]float64{228}},
	{molecule.Br, molecule.C, [3]float64{194}},
	{molecule.Br, molecule.Cl, [3]float64{214}},
	{molecule.Br, molecule.F, [3]float64{178}},
	{molecule.Br, molecule.H, [3]float64{141}},
	{molecule.Br, molecule.N, [3]float64{214}},
	{molecule.Br, molecule.O, [3]float64{172}},
	{molecule.Br, molecule.P, [3]float64{222}},
	{molecule.Br, molecule.S, [3]float64{225}},
	{molecule.Br, molecule.Si, [3]float64{215}},
	{molecule.C, molecule.Cl, [3]float64{177}},
	{molecule.C, molecule.I, [3]float64{214}},
	{molecule.C, molecule.P, [3]float64{184}},
	{molecule.C, molecule.S, [3]float64{182, 160}},
	{molecule.C, molecule.Si, [3]float64{185}},
	{molecule.Cl, molecule.Cl, [3]float64{199}},
	{molecule.Cl, molecule.F, [3]float64{166}},
	{molecule.Cl, molecule.H, [3]float64{127}},
	{molecule.Cl, molecule.N, [3]float64{175}},
	{molecule.Cl, molecule.O, [3]float64{164}},
	{molecule.Cl, molecule.P, [3]float64{203}},
	{molecule.Cl, molecule.S, [3]float64{207}},
	{molecule.Cl, molecule.Si, [3]float64{202}},
	{molecule.F, molecule.I, [3]float64{187}},
	{molecule.F, molecule.P, [3]float64{156}},
	{molecule.F, molecule.S, [3]float64{158}},
	{molecule.F, molecule.Si, [3]float64{160}},
	{molecule.H, molecule.I, [3]float64{161}},
	{molecule.H, molecule.P, [3]float64{144}},
	{molecule.H, molecule.S, [3]float64{134}},
	{molecule.H, molecule.Si, [3]float64{148}},
	{molecule.I, molecule.I, [3]float64{266}},
	{molecule.I, molecule.N, [3]float64{222}},
	{molecule.I, molecule.O, [3]float64{194}},
	{molecule.I, molecule.S, [3]float64{234}},
	{molecule.I, molecule.Si, [3]float64{243}},
	{molecule.N, molecule.P, [3]float64{177}},
	{molecule.N, molecule.S, [3]float64{168}},
	{molecule.O, molecule.P, [3]float64{163, 150}},
	{molecule.O, molecule.S, [3]float64{151}},
	{molecule.O, molecule.Si, [3]float64{163}},
	{molecule.P, molecule.P, [3]float64{221}},
	{molecule.P, molecule.S, [3]float64{210, 186}},
	{molecule.S, molecule.S, [3]float64{204}},
	{molecule.S, molecule.Si, [3]float64{200}},
	{molecule.Si, molecule.Si, [3]float64{233}},
}
