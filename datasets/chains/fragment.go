package chains

import (
	"math"
	"math/rand/v2"

	"equifm/molecule"
)

// atom is an atom of a fragment or of the molecule that grows.
type atom struct {
	element molecule.Element
	at      vec
	bonds   []bond
}

// bond is a direction in which an atom has a bond, or is to get one.
type bond struct {
	toward vec
	other  int // the atom there; free for none yet
}

const free = -1

// open returns the places in its bonds that are free.
func (a *atom) open() (places []int) {
	for k, b := range a.bonds {
		if b.other == free {
			places = append(places, k)
		}
	}
	return places
}

// fragment is atoms that are put into a molecule together.
type fragment struct {
	atoms []atom
	adds  int // to the N of a molecule, hydrogens included
}

// valence of the elements.
var valence = map[molecule.Element]int{molecule.H: 1, molecule.C: 4, molecule.N: 3, molecule.O: 2, molecule.F: 1}

// corners of a tetrahedron.
var corners = [4]vec{unit(vec{1, 1, 1}), unit(vec{1, -1, -1}), unit(vec{-1, 1, -1}), unit(vec{-1, -1, 1})}

// halfAngle is half of the tetrahedron's angle, 109.47°.
var halfAngle = math.Acos(-1./3) / 2

// single returns the fragment of one atom.
func single(e molecule.Element, rng *rand.Rand) fragment {
	a := atom{element: e}
	for _, k := range rng.Perm(len(corners))[:valence[e]] { // the others have lone pairs
		a.bonds = append(a.bonds, bond{corners[k], free})
	}
	return fragment{[]atom{a}, valence[e] - 1}
}

// wanted are the fragments and how often they are taken where there is room.
var wanted = []struct {
	weight float64
	adds   int // at most
	draw   func(rng *rand.Rand) fragment
}{
	{0.74, 3, func(rng *rand.Rand) fragment { return single(molecule.C, rng) }},
	{0.09, 2, func(rng *rand.Rand) fragment { return single(molecule.N, rng) }},
	{0.09, 1, func(rng *rand.Rand) fragment { return single(molecule.O, rng) }},
	{0.04, 13, func(rng *rand.Rand) fragment { return fiveRing(tip(rng), rng) }},
	{0.04, 16, func(rng *rand.Rand) fragment { return sixRing(tip(rng), rng) }},
}

// drawFragment draws one that adds no more than there is room for, 1 at least.
func drawFragment(room int, rng *rand.Rand) fragment {
	total := 0.0
	for _, w := range wanted {
		if w.adds <= room {
			total += w.weight
		}
	}
	at := total * rng.Float64()
	last := len(wanted)
	for k, w := range wanted {
		if w.adds > room {
			continue
		}
		if last = k; at < w.weight {
			break
		}
		at -= w.weight
	}
	return wanted[last].draw(rng)
}

// tip draws the element at the tip of a ring.
func tip(rng *rand.Rand) molecule.Element {
	return []molecule.Element{molecule.C, molecule.C, molecule.N, molecule.O}[rng.IntN(4)]
}
