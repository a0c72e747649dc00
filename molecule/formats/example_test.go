package formats_test

import (
	"fmt"
	"os"
	"strings"

	"equifm/molecule/bonds"
	"equifm/molecule/formats"
)

// An XYZ block, read, with its bonds written as SDF.
func ExampleSDFWriter() {
	const xyz = `3
water source="gas phase"
O 0 0 0.1193
H 0 0.7632 -0.477
H 0 -0.7632 -0.477
`
	m, err := formats.NewXYZReader(strings.NewReader(xyz), "water.xyz").Read()
	if err != nil {
		fmt.Println(err)
		return
	}
	graph := bonds.QM9().Perceive(m)
	if err := formats.NewSDFWriter(os.Stdout).Write(m, graph); err != nil {
		fmt.Println(err)
	}
	// Output:
	// water
	//   equifm            3D
	//
	//   3  2  0  0  0  0  0  0  0  0999 V2000
	//     0.0000    0.0000    0.1193 O   0  0  0  0  0  0  0  0  0  0  0  0
	//     0.0000    0.7632   -0.4770 H   0  0  0  0  0  0  0  0  0  0  0  0
	//     0.0000   -0.7632   -0.4770 H   0  0  0  0  0  0  0  0  0  0  0  0
	//   1  2  1  0
	//   1  3  1  0
	// M  END
	// > <source>
	// gas phase
	//
	// $$$$
}
