package measure

import (
	"context"

	"equifm/cmd/internal/run/cputime"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule"
	"equifm/molecule/metrics"
	"equifm/nn/parallel"
)

// Quality is a sample of a model, judged.
type Quality struct {
	Failed    string  `json:"failed,omitempty"` // why there is none
	Solver    string  `json:"solver"`
	Eta       float64 `json:"eta,omitempty"`
	NFE       int     `json:"nfe"`
	CPU       float64 `json:"cpu_seconds"` // of sampling
	Molecules []Seen  `json:"molecules"`
}

// Seen is what is kept of one molecule.
type Seen struct {
	Atoms       int              `json:"atoms"`
	StableAtoms int              `json:"stable_atoms"`
	Stable      bool             `json:"stable"`
	Valid       bool             `json:"valid"`
	Connected   bool             `json:"connected"` // valid and in one piece
	Lengths     map[string][]int `json:"lengths"`   // by kind of bond, as bins of metrics.Shapes
	Angles      map[string][]int `json:"angles"`    // by the element in the middle
}

// Sample draws molecules from a model and judges them.
func Sample(ctx context.Context, m *trained.Model, o trained.Options, clock cputime.Clock) (q Quality, err error) {
	begin := clock()
	molecules, stats, err := m.Sample(ctx, o)
	if err != nil {
		return q, err
	}
	q = Quality{Solver: o.Solver.String(), NFE: stats.NFE, CPU: clock() - begin}
	if o.Solver == flow.DPM {
		q.Eta = o.Eta
	}
	q.Molecules = Judge(molecules, m.Config, o.Workers)
	return q, nil
}

// Judge returns what is kept of molecules, in order.
func Judge(molecules []*molecule.Molecule, c config.Config, workers int) []Seen {
	seen := make([]Seen, len(molecules))
	judgers := make([]metrics.Judger, max(1, min(workers, len(molecules))))
	for w := range judgers {
		judgers[w].Table = c.Bonds()
	}
	parallel.Each(len(molecules), len(judgers), func(w, i int) error { // none fails
		j := judgers[w].JudgeAll(molecules[i : i+1])[0]
		one := metrics.NewShapes()
		one.Add(molecules[i], j.Graph)
		seen[i] = Seen{j.Atoms, j.StableAtoms, j.Stable, j.Valid, j.Valid && j.Fragments == 1, list(one.Lengths), list(one.Angles)}
		return nil
	})
	return seen
}

// list spells bins out.
func list(bins map[metrics.Kind]*metrics.Bins) map[string][]int {
	values := map[string][]int{}
	for k, b := range bins {
		for i, n := range b.Counts {
			for range n {
				values[k.String()] = append(values[k.String()], i)
			}
		}
	}
	return values
}

// Share is a percentage over some molecules of the sample, given by their indices,
// or over all with nil.
func (q *Quality) Share(index []int, count func(s *Seen) (k, of int)) float64 {
	k, of := 0, 0
	each(len(q.Molecules), index, func(i int) {
		a, b := count(&q.Molecules[i])
		k, of = k+a, of+b
	})
	return 100 * float64(k) / float64(max(of, 1))
}

// each calls f for the indices, or for all of n.
func each(n int, index []int, f func(i int)) {
	if index == nil {
		for i := range n {
			f(i)
		}
	}
	for _, i := range index {
		f(i)
	}
}
