package signs_test

import (
	"fmt"

	"equifm/cmd/internal/signs"
	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/metrics"
)

// Twenty molecules of a carbon with three hydrogens: no atom of carbon is stable.
func Example() {
	methyl := &molecule.Molecule{Elements: []molecule.Element{6, 1, 1, 1}, Pos: [][3]float64{{}, {1.01, 0, 0.1}, {-0.5, 0.87, 0.1}, {-0.5, -0.87, 0.1}}}
	judger, repair := metrics.Judger{Table: bonds.QM9()}, signs.NewRepair(bonds.QM9(), molecule.QM9Elements())
	var tally metrics.Tally
	for range 20 {
		j := judger.Judge(methyl)
		tally.Add(j)
		repair.Add(methyl, &j)
	}
	for _, f := range signs.Read(signs.Case{Sample: tally.Totals(), MeanSize: 4, Repaired: repair.Share}) {
		fmt.Printf("%s: %v. %s\n", f.Sign, f.Level, f.Says)
	}
	// Output:
	// Atom stability: sign. 75.0% of the atoms are stable [75.0, 75.0], more than 5 points below 100%.
	// Molecule stability: sign. 0.0% of the molecules are stable [0.0, 16.1], more than 20 points below 100%. Off the usual: another element at one atom would make 100% of unstable molecules stable.
}
