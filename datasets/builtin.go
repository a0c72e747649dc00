package datasets

import (
	_ "embed"
	"strconv"

	"equifm/datasets/internal/packed"
	"equifm/molecule"
)

// The sample was drawn by
//
//	go run ./datasets/internal/makesample -in qm9.xyz.gz -out datasets/qm9-sample.bin
//
//go:embed qm9-sample.bin
var sample []byte

// Builtin is a sample of real QM9: 10,000 molecules of the standard training
// split and 1,000 of the validation split, drawn at random without replacement
// and in gdb order, positions to 0.1 mÅ. Each has the properties gdb and split, and
// some 2,800 have mu, alpha, homo, lumo, gap and Cv, in QM9's units and to its decimals.
func Builtin() (*Set, error) {
	packedMols, err := packed.Decode(sample)
	if err != nil {
		return nil, err
	}
	mols := make([]molecule.Molecule, len(packedMols))
	const most = 2 + len(packed.Columns) // properties of a molecule
	props := make([]molecule.Property, most*len(mols))
	for i, p := range packedMols {
		z := make([]molecule.Element, len(p.Z))
		for a, v := range p.Z {
			z[a] = molecule.Element(v)
		}
		own := props[most*i : most*i : most*i+most]
		own = append(own, molecule.Property{Key: "gdb", Value: strconv.Itoa(p.GDB)},
			molecule.Property{Key: "split", Value: QM9Split(p.GDB)})
		for k, v := range p.Values {
			own = append(own, molecule.Property{Key: packed.Columns[k].Key, Value: strconv.FormatFloat(v, 'f', -1, 64)})
		}
		mols[i] = molecule.Molecule{Elements: z, Pos: p.Pos, Properties: own}
	}
	return newSet("qm9-sample", mols), nil
}
