// Package rings finds the smallest rings of a graph, as RDKit 2022.09 finds them.
//
// A ring is a closed walk over bonds that meets no atom twice. Of the many in a
// fused system chemists count the smallest: naphthalene has two rings of six,
// not a third of ten around both. A graph of N atoms, B bonds and F fragments
// (parts that no bond joins) has B-N+F independent rings, the cyclomatic number;
// the smallest that many are a smallest set of smallest rings, SSSR. It is not
// unique: of cubane's six faces five are a set, and which five depends on the
// numbering. RDKit adds those that could stand in for one of the set, and so does
// this package: cubane has six rings, whatever the order of its atoms.
//
// The search is that of J. Figueras, J. Chem. Inf. Comput. Sci. 36, 986 (1996),
// with RDKit's changes (Code/GraphMol/FindRings.cpp, where the functions bear the
// names that the comments here give):
//
//  1. atoms with one bond are cut off, for they are in no ring (peel.go);
//  2. from an atom of degree two a breadth-first search meets the smallest rings
//     through it (search.go, two.go); then the atom is cut off;
//  3. where no atom has degree two, three rings are sought from one of degree
//     three (three.go);
//  4. rings that the peeling hid are closed over bonds in no ring yet (detour.go);
//  5. too many rings are thinned out to a set, and those of the rest that could
//     stand in for one of it come back (symmetrise.go, sort.go).
//
// It is an approximation: step 5 drops a ring all of whose bonds are in smaller
// ones, be it independent of them or not, so that a pentagonal prism keeps its five
// squares and loses its sixth ring. What aromaticity makes of a cage depends on
// which rings there are, so even RDKit's order of the search is kept, down to
// the sort of its C++ library. The exact algorithm of R. Balducci and R. S. Pearlman
// (J. Chem. Inf. Comput. Sci. 34, 822, 1994) is another one.
package rings
