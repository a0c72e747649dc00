package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/metrics"
	"equifm/nn/parallel"
	"equifm/nn/parallel/ranktest"
)

// Ranks that share the judging out report what one alone does, each of them, and hand on
// the same judgements in the same order; of the reference as well, and of molecules of no
// atoms and no bonds.
func TestRanksReportTheSame(t *testing.T) {
	var reference, sample Slice
	for i := range 3*batchSize + 5 {
		reference = append(reference, fluoride(0.9+0.0001*float64(i%50)))
	}
	for i := range 40*batchSize + 11 {
		sample = append(sample, fluoride(0.89+0.001*float64(i%900)))
	}
	sample = append(sample, &molecule.Molecule{}, fluoride(9))
	judge := func(r parallel.Ranks, workers int) string {
		train, reference, sample := NewReference(bonds.QM9(), workers), reference, sample
		train.Ranks = r
		if err := train.Read(&reference, nil); err != nil {
			t.Error(err)
		}
		e := New(bonds.QM9(), workers, train)
		e.Ranks = r
		var lines bytes.Buffer
		out := json.NewEncoder(&lines)
		if err := e.Read(&sample, func(j metrics.Judgement) error {
			fmt.Fprintln(&lines, len(j.Graph.Bonds), j.Nearest)
			return out.Encode(j)
		}); err != nil {
			t.Error(err)
		}
		r2 := e.Report(train)
		r2.Table(&lines)
		if err := out.Encode(r2); err != nil {
			t.Error(err)
		}
		return lines.String()
	}
	want := judge(nil, 1)
	for _, size := range []int{1, 3} {
		ranktest.Run(size, func(r parallel.Ranks) {
			if got := judge(r, 1+r.Rank()); got != want {
				t.Errorf("rank %d of %d reports another thing than one alone", r.Rank(), size)
			}
		})
	}
}
