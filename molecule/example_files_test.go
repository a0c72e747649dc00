package molecule_test

import (
	"fmt"
	"io"
	"os"
	"strings"

	"equifm/molecule"
)

// An XYZ block, read, with its bonds written as SDF.
func ExampleSDFWriter() {
	const xyz = `3
water source="gas phase"
O 0 0 0.1193
H 0 0.7632 -0.477
H 0 -0.7632 -0.477
`
	m, err := molecule.NewXYZReader(strings.NewReader(xyz), "water.xyz").Read()
	if err != nil {
		fmt.Println(err)
		return
	}
	bonds := molecule.QM9Bonds().Perceive(m)
	if err := molecule.NewSDFWriter(os.Stdout).Write(m, bonds); err != nil {
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

// Every share of a set has its denominator and an interval.
func ExampleTally() {
	const two = "2\nhydrogen fluoride\nH 0 0 0\nF 0 0 0.92\n2\ntoo far apart\nH 0 0 0\nF 0 0 1.5\n"
	r := molecule.NewXYZReader(strings.NewReader(two), "two.xyz")
	var tally molecule.Tally
	for {
		m, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		tally.Add(molecule.Judge(m, molecule.QM9Bonds()))
	}
	stable := tally.Totals().Counts["molecule_stability"]
	low, high := stable.Wilson()
	fmt.Printf("%d of %d molecules are stable: %.2f, 95%% interval %.2f to %.2f\n", stable.K, stable.N, stable.Value(), low, high)
	// Output: 1 of 2 molecules are stable: 0.50, 95% interval 0.09 to 0.91
}
