// Package metrics says what a set of molecules is worth.
//
// Legend: N atoms; positions in Å.
//
// A [Judger] judges one molecule after another by EDM's protocol (Hoogeboom et al.
// 2022, arXiv 2203.17003), with RDKit 2022.09's answers:
//
//  1. molecule/bonds perceives its bonds from the distances;
//  2. an atom is stable when its bond orders add up to a valence that EDM's table
//     has for its element, a molecule when all its atoms are (stability.go);
//  3. it is valid when molecule/chem can sanitise the whole graph (bring it into
//     the one form that RDKit compares, or refuse it: the words are explained there);
//  4. it is counted once, by the canonical SMILES of its largest fragment (a part
//     that no bond joins to the rest). So a molecule in two pieces can be valid;
//     the share of those in one piece is given beside it.
//
// A [Judgement] (judgement.go, judge.go) holds all this, and is made once: files,
// tables and pictures take it from there. A [Tally] counts judgements; every
// [Share] keeps its denominator and has an interval (share.go), for 97% of 60 and
// of 10,000 are not the same news.
//
// Beyond EDM: [Checks] ask what a chemist would see at a glance, after PoseBusters
// (checks.go, geometry.go, flat.go, clash.go); [Shapes] hold the bond lengths,
// angles and dihedrals of a set (shapes.go, kind.go, bins.go) and say how far they
// are from a reference's (compare.go).
package metrics
