package metrics_test

import (
	"fmt"
	"io"
	"strings"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/formats"
	"equifm/molecule/metrics"
)

// Water is a molecule; with fluorine in the oxygen's place it is none.
func ExampleJudger() {
	r := formats.NewXYZReader(strings.NewReader(`3
water
O  0.000  0.000 0.000
H  0.757  0.586 0.000
H -0.757  0.586 0.000
`), "water.xyz")
	m, err := r.Read()
	if err != nil {
		fmt.Println(err)
		return
	}
	judger := metrics.Judger{Table: bonds.QM9()}
	j := judger.Judge(m)
	fmt.Println(j.StableAtoms, j.Stable, j.Valid, j.Fragments, j.SMILES)

	m.Elements[0] = molecule.F
	j = judger.Judge(m)
	fmt.Println(j.StableAtoms, j.Stable, j.Valid, j.Reason)
	// Output:
	// 3 true true 1 [H]O[H]
	// 2 false false atom 1 (F): valence 2, allowed 1
}

// Every share of a set has its denominator and an interval.
func ExampleTally() {
	const two = "2\nhydrogen fluoride\nH 0 0 0\nF 0 0 0.92\n2\ntoo far apart\nH 0 0 0\nF 0 0 1.5\n"
	r := formats.NewXYZReader(strings.NewReader(two), "two.xyz")
	judger := metrics.Judger{Table: bonds.QM9()}
	var tally metrics.Tally
	for {
		m, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		tally.Add(judger.Judge(m))
	}
	stable := tally.Totals().Counts["molecule_stability"]
	low, high := stable.Wilson()
	fmt.Printf("%d of %d molecules are stable: %.2f, 95%% interval %.2f to %.2f\n", stable.K, stable.N, stable.Value(), low, high)
	// Output: 1 of 2 molecules are stable: 0.50, 95% interval 0.09 to 0.91
}
