package measure

import (
	"context"
	"errors"
	"fmt"

	"equifm/egnn/trained"
	"equifm/flow"
)

// Adaptive is what the adaptive solver, dopri5 at the model's tolerances, takes from
// noise to molecules: how hard the field is to follow.
type Adaptive struct {
	Molecules int     `json:"molecules"`
	NFE       float64 `json:"nfe"`      // of a molecule, those given up as far as they came
	Steps     float64 `json:"steps"`    // of a molecule that ended
	Rejected  float64 `json:"rejected"` // steps taken back, of a molecule that ended
	GivenUp   int     `json:"given_up"` // molecules whose way took more evaluations than were allowed, or left the numbers

	ByT [flow.TimeBins]float64 `json:"by_t"` // evaluations of a molecule in each tenth of t
}

var errTooMany = errors.New("more evaluations than allowed")

// Adapt draws molecules of these sizes by dopri5, at most so many evaluations each.
func Adapt(ctx context.Context, m *trained.Model, o trained.Options, number, most int) (a Adaptive, err error) {
	o.Watch, o.Told, o.Values, o.Elements, o.Scaffold = nil, nil, nil, nil, nil
	o.Solver, o.Eta, o.Workers, o.Ranks, o.Number = flow.Dopri5, 0, 1, nil, 1
	ended := 0
	for k := range number {
		o.First = k
		n := 0
		sizes, values, err := m.Draw(o)
		if err != nil {
			return a, err
		}
		sampler, err := m.Sampler(o)
		if err != nil {
			return a, err
		}
		sampler.Watch = func(_ int, t float64, _ flow.State[float32]) error {
			if n++; n > most {
				return errTooMany
			}
			a.ByT[min(int(flow.TimeBins*t), flow.TimeBins-1)] += 1 / float64(number)
			return ctx.Err()
		}
		_, stats, err := sampler.Sample(sizes, m.Context(1, values))
		a.Molecules++
		switch {
		case ctx.Err() != nil:
			return a, fmt.Errorf("dopri5: %w", ctx.Err())
		case err != nil: // too many, or a state that left the numbers
			a.GivenUp++
			a.NFE += float64(min(n, most))
		default:
			ended++
			a.NFE += float64(stats.NFE)
			a.Steps += float64(stats.Steps)
			a.Rejected += float64(stats.Rejected)
		}
	}
	a.NFE /= float64(max(a.Molecules, 1))
	a.Steps /= float64(max(ended, 1))
	a.Rejected /= float64(max(ended, 1))
	return a, nil
}
