package chains

import (
	"math"
	"math/rand/v2"

	"equifm/molecule"
	"equifm/molecule/bonds"
)

// length returns that of a single bond, Å.
func length(a, b molecule.Element) float64 { return bonds.QM9().Length(a, b, molecule.Single) }

// fold is how far the tips of rings are folded out of the plane of the other atoms: in a
// chair of tetrahedral angles cos fold = 1/√3, 54.7°; five-rings take less.
const (
	sixFold  = 0.9553
	fiveFold = 0.6981 // 40°
)

// fiveRing returns an envelope: four carbons in a plane, with angles of 106°, and its tip.
func fiveRing(tip molecule.Element, rng *rand.Rand) fragment {
	side := length(molecule.C, molecule.C)
	const angle = 106 * math.Pi / 180
	base := side * (1 - 2*math.Cos(angle)) // between the tip's neighbours
	height := side * math.Sin(angle)
	at := []vec{flap(tip, base, fiveFold), {0, base / 2, 0}, {-height, side / 2, 0}, {-height, -side / 2, 0}, {0, -base / 2, 0}}
	return ring(tip, at, rng)
}

// sixRing returns a chair: four carbons in a plane, a carbon below it and the tip above.
func sixRing(tip molecule.Element, rng *rand.Rand) fragment {
	side := length(molecule.C, molecule.C)
	base := 2 * side * math.Sin(halfAngle)
	foot := flap(molecule.C, base, sixFold)
	at := []vec{flap(tip, base, sixFold), {0, base / 2, 0}, {-side, base / 2, 0},
		{-side - foot[0], 0, -foot[2]}, {-side, -base / 2, 0}, {0, -base / 2, 0}}
	return ring(tip, at, rng)
}

// flap returns where an atom is that is bonded to two carbons on the y axis, base apart,
// its triangle folded out of their plane.
func flap(e molecule.Element, base, fold float64) vec {
	r := length(e, molecule.C)
	height := math.Sqrt(r*r - base*base/4)
	return vec{height * math.Cos(fold), 0, height * math.Sin(fold)}
}

// ring returns carbons at places, but for the first, which is the tip, with all bonds that
// they have and are to get.
func ring(tip molecule.Element, at []vec, rng *rand.Rand) fragment {
	f := fragment{adds: -2}
	for i, p := range at {
		before, after := (i+len(at)-1)%len(at), (i+1)%len(at)
		a := atom{element: molecule.C, at: p}
		if i == 0 {
			a.element = tip
		}
		u, v := unit(sub(at[before], p)), unit(sub(at[after], p))
		a.bonds = []bond{{u, before}, {v, after}}
		out, up := scaled(-math.Cos(halfAngle), unit(add(u, v))), scaled(math.Sin(halfAngle), unit(cross(u, v)))
		both := [2]vec{add(out, up), sub(out, up)}
		for _, k := range rng.Perm(2)[:valence[a.element]-2] {
			a.bonds = append(a.bonds, bond{both[k], free})
		}
		f.atoms, f.adds = append(f.atoms, a), f.adds+valence[a.element]-1
	}
	return f
}
