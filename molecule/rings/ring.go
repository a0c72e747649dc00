package rings

import (
	"fmt"

	"equifm/molecule"
	"equifm/molecule/internal/scratch"
)

// Ring is a ring of a Finder: its atoms in cyclic order are pool[lo:hi], its
// bonds bondPool[lo:hi], where the k-th bond joins the k-th atom and the next.
type Ring struct{ lo, hi int32 }

// Len returns the number of atoms, which is that of bonds.
func (r Ring) Len() int { return int(r.hi - r.lo) }

// Error says that the rings are too entangled to be enumerated.
type Error struct{ Atoms int }

func (e *Error) Error() string {
	return fmt.Sprintf("rings of %d atoms are too entangled to be enumerated", e.Atoms)
}

// Finder finds the rings of one graph after another in the same memory. The
// zero value is ready for use.
type Finder struct {
	Rings    []Ring  // the symmetrised set
	BondUses []int32 // (bonds) rings that each bond is in
	AtomUses []int32 // (N) rings that each atom is in

	links    *molecule.Links
	ends     []molecule.Bond
	pool     []int32
	bondPool []int32

	extras []Ring // rings found beyond the independent ones
	found  []Ring // rings of the fragment under search

	// Sets of atoms of the rings in found: bit i of words words each.
	keys  []uint64
	words int

	degree    []int32 // (N) bonds not yet cut
	live      []bool  // (bonds) not yet cut
	finished  []bool  // (N) atoms that need no more search
	nFinished int
	loose     []int32 // atoms left with one bond or none
	ringBonds []bool  // (bonds) in a ring found from an atom of degree two
	ringAtoms []bool  // (N) likewise

	label     []int32 // (N) fragment of each atom
	fragAtoms []int32
	search    ringSearch
	detour    detourSearch
}

// Atoms returns the atoms of r.
func (f *Finder) Atoms(r Ring) []int32 { return f.pool[r.lo:r.hi] }

// Bonds returns the bonds of r, one of the finished rings.
func (f *Finder) Bonds(r Ring) []int32 { return f.bondPool[r.lo:r.hi] }

// countUses fills the bonds of the rings and how often atoms and bonds occur.
func (f *Finder) countUses() {
	f.BondUses, f.AtomUses = scratch.Resize(f.BondUses, len(f.ends)), scratch.Resize(f.AtomUses, f.links.Len())
	clear(f.BondUses)
	clear(f.AtomUses)
	f.fillBonds(f.Rings)
	for _, r := range f.Rings {
		for k, i := range f.Atoms(r) {
			f.AtomUses[i]++
			f.BondUses[f.Bonds(r)[k]]++
		}
	}
}

// fillBonds computes the bonds of the given rings.
func (f *Finder) fillBonds(rings []Ring) {
	f.bondPool = scratch.Resize(f.bondPool, len(f.pool))
	for _, r := range rings {
		atoms, bonds := f.Atoms(r), f.Bonds(r)
		for k := range atoms {
			bonds[k] = f.links.Between(atoms[k], atoms[(k+1)%len(atoms)])
		}
	}
}
