// Package smiles writes a molecule as a line of text, the same for every order
// of its atoms, and reads such lines.
//
// SMILES (D. Weininger, J. Chem. Inf. Comput. Sci. 28, 31, 1988; opensmiles.org)
// walks over the bonds: atoms by their symbols, branches in parentheses, a bond
// that closes a ring as a number at both of its ends, = and # for double and
// triple bonds, aromatic atoms in lower case. Ethanol is CCO, benzene c1ccccc1.
// Hydrogens that valence implies are not written, but those that are atoms of
// their own are, as [H]: molecules with all their atoms read [H]O[H].
//
// A molecule has many such strings, one for every start and turn of the walk. To
// count distinct molecules one of them must be singled out, the canonical one:
//
//  1. hydrogens on heavier atoms become a property of these (contract.go);
//  2. atoms get colours by what they are, refined by their neighbours' colours
//     until nothing new comes of it (colour.go);
//  3. what still looks alike is told apart by trial: one atom after another is
//     singled out, and the numbering with the least list of bonds wins; symmetries
//     found on the way cut the trials short (canon.go, symmetry.go);
//  4. the numbered molecule is spelt (spell.go, spell_atom.go).
//
// This is the search of B. D. McKay, Congr. Numer. 30, 45 (1981). It is right for
// any graph, and it is not RDKit's (N. Schneider, R. A. Sayle, G. A. Landrum,
// J. Chem. Inf. Model. 55, 2111, 2015): [Canonical] strings are equal exactly for
// equal molecules, as RDKit's are, but they are not RDKit's strings.
//
// [Parse] reads any SMILES, ours or not, but for stereochemistry, which it drops,
// and wild cards (read.go, atom.go, bracket.go, bond.go, bridges.go).
package smiles
