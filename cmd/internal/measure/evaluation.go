package measure

import (
	"context"

	"equifm/cmd/internal/run/cputime"
	"equifm/egnn/trained"
	"equifm/flow"
)

// evaluated are the molecules that one evaluation of a network is timed on, and the
// evaluations at a time.
const evaluated, evaluations = 4, 4

// Evaluation returns the seconds of processor time that a model takes for one evaluation
// of a molecule of n atoms, in a sample of such: with what an explicit solver does around it.
func Evaluation(ctx context.Context, m *trained.Model, n int, clock cputime.Clock) (seconds float64, err error) {
	o := m.Options()
	o.Solver, o.Grid, o.Steps, o.Number, o.Atoms, o.Workers = flow.Euler, flow.GridUniform, evaluations, evaluated, n, 1
	begin := clock()
	for done := evaluated * evaluations; ; done += evaluated * evaluations {
		if _, _, err := m.Sample(ctx, o); err != nil {
			return 0, err
		}
		took := clock() - begin
		if took >= leastSeconds || took == 0 { // 0 where the system does not say
			return took / float64(done), nil
		}
	}
}
