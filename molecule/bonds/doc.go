// Package bonds perceives bonds: which atoms of a molecule are bonded, and how
// strongly, told from nothing but their distances.
//
// Legend: N atoms; positions in Å; tabulated lengths in pm (1 Å = 100 pm).
//
// A network that draws molecules draws elements and positions. Bonds have to be
// read off, and how they are read decides every figure about chemistry. This is
// the rule of EDM (Hoogeboom et al. 2022, arXiv 2203.17003), which the field's
// figures rest on. Each pair of elements has typical lengths of a single, a
// double and a triple bond (lengths.go); a pair of atoms closer than
//
//	single + 10 pm    has a bond of order 1
//	double +  5 pm    too: order 2
//	triple +  3 pm    too: order 3
//
// and a pair farther apart than the first has none (table.go). No atom is asked
// how many bonds it has already: that is for molecule/chem to judge.
//
// Limits of the rule: it knows no aromatic bond, so that benzene comes out with
// double and single bonds in turn, or with too few double ones where all lengths
// are equal; and a distance slightly off changes an order. The valence of an atom
// is the sum of its bonds' orders: of QM9's own molecules 95.7% come out with one
// on every atom that its element has.
//
// [Table.Perceive] looks at pairs within reach of each other only (perceive.go),
// through a grid of cells where there are many (cells.go).
package bonds
