package trained

import (
	"context"
	"equifm/molecule"
	"testing"
)

// The built-in model makes molecules: of 32, in a third of the steps that it is
// to be given, more are stable than half, which a broken one would not reach, nor
// one of another recipe's.
func TestBuiltInMakesMolecules(t *testing.T) {
	m, err := Open("qm9")
	if err != nil {
		t.Fatal(err)
	}
	o := m.Options()
	o.Number, o.Seed, o.Steps, o.Eta = 32, 1, 66, 2
	molecules, stats, err := m.Sample(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	stable := 0
	for _, j := range m.Judge(molecules) {
		if j.Stable {
			stable++
		}
	}
	t.Logf("%d of %d stable after %d evaluations", stable, len(molecules), stats.NFE)
	if stable <= 16 {
		t.Errorf("%d of %d molecules are stable, expected more than half", stable, len(molecules))
	}
}

// The one that can be told makes molecules of a formula, a quarter of which at least hold
// together, in a third of the steps that it is to be given.
func TestBuiltInMakesAFormula(t *testing.T) {
	m, err := Open("qm9-told")
	if err != nil {
		t.Fatal(err)
	}
	o := m.Options()
	o.Number, o.Seed, o.Steps, o.Eta = 16, 1, 66, 2
	if o.Elements, err = molecule.ParseFormula("C6H8O2"); err != nil {
		t.Fatal(err)
	}
	molecules, _, err := m.Sample(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	whole := 0
	for i, j := range m.Judge(molecules) {
		if f := molecules[i].Formula(); f != "C6H8O2" {
			t.Errorf("molecule %d is %s", i+1, f)
		}
		if j.Valid && j.Fragments == 1 {
			whole++
		}
	}
	t.Logf("%d of %d valid and in one piece", whole, len(molecules))
	if whole < 4 {
		t.Errorf("%d of %d molecules are valid and in one piece, expected a quarter", whole, len(molecules))
	}
}
