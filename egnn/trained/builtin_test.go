package trained

import (
	"context"
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
