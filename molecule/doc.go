// Package molecule holds molecules and judges them.
//
// Legend: N atoms; positions in Å; bond tables in pm.
//
// # From positions to a verdict
//
// A [Molecule] has atoms in space and no bonds. Four steps judge it, as the
// evaluation of EDM does and with RDKit 2022.09's answers:
//
//  1. [BondTable.Perceive] gives the [Graph] of bonds whose lengths fit (bondtable.go).
//  2. [Graph.StableAtoms] counts atoms with the sum of bond orders that EDM's table has
//     for their element (stability.go).
//  3. [Sanitize] makes a [Structure] of the graph, or says which atom cannot be: groups
//     like N(=O)=O get their charges (charges.go), open valences their hydrogens
//     (valence.go), and rings (rings.go) with 4n+2 electrons are aromatic (donor.go,
//     aromatic.go), so that both Kekulé forms of benzene are one molecule.
//  4. [Structure.SMILES] numbers the atoms canonically (canon.go) and spells them.
//
// [Judge] takes all four; a [Judger] does so for one molecule after another in
// the same memory. A molecule is valid as a whole and counted once, by the
// string of its largest fragment. Strings are equal exactly for equal molecules
// but they are not RDKit's own. [ParseSMILES] reads them, and others'.
//
// Where RDKit's answer depends on the order of the atoms, as its choice of
// smallest rings in cages does, the order is kept and the answer is the same.
// Radicals, stereochemistry and dative bonds are not modelled: bonds from
// distances have none.
//
// # Files
//
// [Open] reads XYZ and SDF, gzipped or not, one molecule at a time; an error says
// file:line: what was expected. [XYZWriter] and [SDFWriter] write what the
// readers give back unchanged, whatever a name or value holds: XYZ quotes it,
// SDF, which has no quotes, refuses it.
//
// # Sets of molecules
//
// A [Tally] counts judgements: every [Share] with its denominator and interval
// (tally.go, share.go). [Shapes] hold the bond lengths, angles and dihedrals of a
// set and compare them with a reference's (shapes.go). [CheckGeometry] asks one
// molecule what a chemist would see at a glance (checks.go, clash.go).
package molecule
