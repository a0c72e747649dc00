// Package molecule is what everything about molecules stands on: elements,
// atoms in space, bonds, and which atoms hang together.
//
// Legend: N atoms, counted from 0; positions in Å.
//
// A [Molecule] has atoms in space and no bonds of its own: that is what a data
// set holds and what a network draws. A [Graph] has atoms, bonds and charges and
// no positions: it is perceived from the distances, or read from a file, and then
// the molecule's Stated. [Links] are a graph's bonds seen from the atoms, which is
// how chemistry asks for them; a fragment is a part of a molecule that no bond
// joins to the rest.
//
// All else has a room of its own, and imports run one way:
//
//	molecule/bonds     bonds and their orders from distances
//	molecule/rings     the smallest rings of a graph
//	molecule/chem      valence, charges, aromaticity: can this graph be a molecule?     ← rings
//	molecule/smiles    a molecule as a line of text, the same for every order of atoms  ← chem
//	molecule/metrics   what a set of molecules is worth                                 ← bonds, chem, smiles
//	molecule/formats   XYZ, SDF and SMILES files
//	molecule/draw      pictures
//
// From positions to a verdict it is bonds, chem (with rings), smiles, and
// metrics holds the four together.
package molecule
