// Package chem asks whether a graph of atoms and bonds can be a molecule, as
// RDKit 2022.09 asks it, and adds what a graph leaves out.
//
// The words, as chemists use them:
//
//   - The valence of an atom is how many bonds it makes, a double one counting
//     two: carbon 4, nitrogen 3, oxygen 2, hydrogen 1; sulfur 2, 4 or 6 (elements.go).
//   - An implicit hydrogen is one that is not an atom of the graph: where an atom
//     has fewer bonds than its valence, hydrogens are taken to fill it up. EDM's
//     protocol draws all hydrogens as atoms, so a filled-up valence means that one
//     is missing, and RDKit, which is asked for validity, doesn't mind.
//   - A Kekulé form writes benzene's ring with single and double bonds in turn.
//     There are two such forms and one molecule, whose six bonds are alike; the
//     ring is aromatic. Hückel's rule tells such rings: flat, and 4n+2 electrons
//     shared around them.
//   - Sanitisation is RDKit's name for judging a graph and bringing it into one
//     form of several that mean the same.
//
// [Sanitize] takes the steps of RDKit's MolOps::sanitizeMol that matter for
// validity and for the string of a molecule, in its order:
//
//  1. charges.go: groups written without charges get them (cleanUp):
//     nitro groups N(=O)=O become [N+](=O)[O-];
//  2. valence.go: an atom above its highest valence is refused, open valences are
//     filled (calcExplicitValence and calcImplicitValence of Code/GraphMol/Atom.cpp);
//  3. molecule/rings: the smallest rings (symmetrizeSSSR);
//  4. kekule.go: aromatic bonds, where a file or a SMILES has them, are placed as
//     single and double ones (Kekulize);
//  5. aromatic.go, donor.go, fused.go: aromatic rings are marked
//     (Code/GraphMol/Aromaticity.cpp, RDKit's own model), so that both Kekulé
//     forms are one molecule; hydrogens that this would lose are kept (adjustHs).
//
// The comments name the function of RDKit that a function here follows. What is
// searched differently says so: the placing of double bonds, and the choice of
// fused rings to try together; on the molecules compared with RDKit (README) the
// verdicts are the same.
// Left out are radicals, conjugation, hybridisation, stereochemistry and dative
// bonds: bonds from distances have none, and no figure asks for them.
//
// Where RDKit's answer depends on the order of the atoms, as its choice of rings
// in cages does, the order is kept and the answer is the same.
package chem
