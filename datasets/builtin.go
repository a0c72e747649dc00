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
// and in gdb order, positions to 0.1 mÅ. Each has the properties gdb and split.
func Builtin() (*Set, error) {
	packedMols, err := packed.Decode(sample)
	if err != nil {
		return nil, err
	}
	mols := make([]molecule.Molecule, len(packedMols))
	props := make([]molecule.Property, 2*len(mols))
	for i, p := range packedMols {
		z := make([]molecule.Element, len(p.Z))
		for a, v := range p.Z {
			z[a] = molecule.Element(v)
		}
		own := props[2*i : 2*i+2 : 2*i+2]
		own[0] = molecule.Property{Key: "gdb", Value: strconv.Itoa(p.GDB)}
		own[1] = molecule.Property{Key: "split", Value: QM9Split(p.GDB)}
		mols[i] = molecule.Molecule{Elements: z, Pos: p.Pos, Properties: own}
	}
	return newSet("qm9-sample", mols), nil
}
