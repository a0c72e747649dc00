package molecule

// Bond lengths in pm as EDM's evaluation uses them (Hoogeboom et al. 2022, arXiv
// 2203.17003); the five-element table is the part of the sixteen-element one
// that names no other element.

// bondLength is the length of the single, double and triple bond between a and
// b, in pm; 0 where there is none.
type bondLength struct {
	a, b Element
	pm   [3]float64
}

var (
	qm9Elements  = []Element{H, C, N, O, F}
	geomElements = []Element{H, B, C, N, O, F, Al, Si, P, S, Cl, As, Br, I, Hg, Bi}
)

var qm9Lengths = geomLengths[:15]

var geomLengths = []bondLength{
	{C, C, [3]float64{154, 134, 120}},
	{C, F, [3]float64{135}},
	{C, H, [3]float64{109}},
	{C, N, [3]float64{147, 129, 116}},
	{C, O, [3]float64{143, 120, 113}},
	{F, F, [3]float64{142}},
	{F, H, [3]float64{92}},
	{F, N, [3]float64{136}},
	{F, O, [3]float64{142}},
	{H, H, [3]float64{74}},
	{H, N, [3]float64{101}},
	{H, O, [3]float64{96}},
	{N, N, [3]float64{145, 125, 110}},
	{N, O, [3]float64{140, 121}},
	{O, O, [3]float64{148, 121}},
	{As, H, [3]float64{152}},
	{B, Cl, [3]float64{175}},
	{B, H, [3]float64{119}},
	{Br, Br, [3]float64{228}},
	{Br, C, [3]float64{194}},
	{Br, Cl, [3]float64{214}},
	{Br, F, [3]float64{178}},
	{Br, H, [3]float64{141}},
	{Br, N, [3]float64{214}},
	{Br, O, [3]float64{172}},
	{Br, P, [3]float64{222}},
	{Br, S, [3]float64{225}},
	{Br, Si, [3]float64{215}},
	{C, Cl, [3]float64{177}},
	{C, I, [3]float64{214}},
	{C, P, [3]float64{184}},
	{C, S, [3]float64{182, 160}},
	{C, Si, [3]float64{185}},
	{Cl, Cl, [3]float64{199}},
	{Cl, F, [3]float64{166}},
	{Cl, H, [3]float64{127}},
	{Cl, N, [3]float64{175}},
	{Cl, O, [3]float64{164}},
	{Cl, P, [3]float64{203}},
	{Cl, S, [3]float64{207}},
	{Cl, Si, [3]float64{202}},
	{F, I, [3]float64{187}},
	{F, P, [3]float64{156}},
	{F, S, [3]float64{158}},
	{F, Si, [3]float64{160}},
	{H, I, [3]float64{161}},
	{H, P, [3]float64{144}},
	{H, S, [3]float64{134}},
	{H, Si, [3]float64{148}},
	{I, I, [3]float64{266}},
	{I, N, [3]float64{222}},
	{I, O, [3]float64{194}},
	{I, S, [3]float64{234}},
	{I, Si, [3]float64{243}},
	{N, P, [3]float64{177}},
	{N, S, [3]float64{168}},
	{O, P, [3]float64{163, 150}},
	{O, S, [3]float64{151}},
	{O, Si, [3]float64{163}},
	{P, P, [3]float64{221}},
	{P, S, [3]float64{210, 186}},
	{S, S, [3]float64{204}},
	{S, Si, [3]float64{200}},
	{Si, Si, [3]float64{233}},
}
