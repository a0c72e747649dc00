package chains_test

import (
	"fmt"
	"math/rand/v2"

	"equifm/datasets/chains"
	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/metrics"
)

// A molecule of 200 atoms, and what is said of it.
func Example() {
	m, err := chains.Build(200, rand.New(rand.NewPCG(1, 2)))
	if err != nil {
		fmt.Println(err)
		return
	}
	judger := metrics.Judger{Table: bonds.QM9()}
	j := judger.JudgeAll([]*molecule.Molecule{m})[0]
	fmt.Printf("%d atoms, stable: %t, valid: %t, pieces: %d, clashes: %d\n", m.Len(), j.Stable, j.Valid, j.Fragments, j.Checks.Clashes)
	// Output:
	// 200 atoms, stable: true, valid: true, pieces: 1, clashes: 0
}
