// Package chains builds saturated molecules of any size by rule: chains and rings of C,
// N and O with branches, hydrogens and a little F, for sizes that no data set has.
//
//	m, err := chains.Build(500, rng)    // one molecule of 500 atoms
//	mols, err := chains.Set(30, 100)    // two thousand of 30 to 100, always the same
//
// A molecule is put together from fragments (fragment.go, ring.go): an atom, or a ring of
// five or six. Each atom of a fragment has directions that bonds point in, the corners of
// a tetrahedron less lone pairs. A fragment goes where a free direction of the molecule
// is, at the length of the bond table, staggered about the bond and off by some degrees
// (place.go); not where it, or a hydrogen that it is going to have, would come too near
// to what is there. In the end all free directions get hydrogen, or fluorine on a carbon
// now and then (build.go).
//
// A fragment adds a number of atoms that is known before, hydrogens included: of
//
//	N = 2 + Σ (valence - 1) - 2·rings
//
// over atoms that are no H or F, C adds 3, N 2, O 1, and a ring its atoms less 2. So every
// N from 2 on can be met.
//
// Limits: bond lengths are the table's to the digit and angles the tetrahedron's, with no
// spread but that of torsions; no double bonds, charges, bridges or fused rings; heteroatoms
// are bonded to each other in pairs at most, and only where no carbon is free. The molecules
// are easier than real ones in that, and no sample of chemistry.
//
// Legend: N atoms of a molecule; positions in Å, angles in radians.
package chains
