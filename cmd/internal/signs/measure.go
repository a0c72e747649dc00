package signs

import (
	"context"
	"fmt"
	"slices"

	"equifm/cmd/internal/measure"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/eot"
	"equifm/flow"
)

// Effort is how much a measurement takes.
type Effort struct {
	Molecules int       // held out, to probe the field at
	Times     []float64 // t of the probes, falling
	Ways      int       // from noise to a molecule by the adaptive solver
	Most      int       // evaluations of a way, before it is given up
}

// Usual takes about a second of a small model.
var Usual = Effort{Molecules: 16, Times: []float64{0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05}, Ways: 3, Most: 600}

// Measure takes the figures of a model at molecules that it has not learned from, spread
// over those that are given.
func Measure(ctx context.Context, m *trained.Model, o trained.Options, heldOut []flow.Example[float32], e Effort) (*Measured, error) {
	some := spread(heldOut, e.Molecules)
	if len(some) == 0 {
		return nil, fmt.Errorf("signs: no molecules to look at the field at, expected 1 or more")
	}
	out := &Measured{HeldOut: len(some), Channels: Channels(m.Config)}
	v := m.Config.Vocabulary()
	out.Numbered = v.Types && v.AtomicNumber
	truth, err := measure.NewTruth(m, some, o.Seed)
	if err != nil {
		return nil, err
	}
	if out.Field, err = truth.Probe(o, e.Times); err != nil {
		return nil, err
	}
	if out.Adaptive, err = measure.Adapt(ctx, m, o, e.Ways, e.Most); err != nil {
		return nil, err
	}
	out.Transport, err = transport(m, o, some)
	return out, err
}

// spread returns at most n, evenly spread over all.
func spread(all []flow.Example[float32], n int) (some []flow.Example[float32]) {
	n = min(n, len(all))
	for i := range n {
		some = append(some, all[i*len(all)/n])
	}
	return some
}

// transport moves the same noise to the same molecules as the model does, not at all, and
// as well as can be.
func transport(m *trained.Model, o trained.Options, some []flow.Example[float32]) (Transport, error) {
	t := Transport{Mode: m.Config.EOT.Mode.String(), Noisy: o.Sample.Noisy(), Solver: o.Solver.String()}
	molecules := measure.Coordinates(some, len(some))
	for _, c := range []struct {
		options eot.Options
		cost    *float64
	}{{m.Config.Align(), &t.Own}, {eot.Options{Mode: eot.None}, &t.Without}, {eot.Options{Mode: eot.Both}, &t.Best}} {
		moved, err := measure.Align(c.options, molecules, o.Seed, func() float64 { return 0 }) // once, without a clock
		if err != nil {
			return t, err
		}
		for _, cost := range moved.Cost {
			*c.cost += cost / float64(len(moved.Cost))
		}
	}
	return t, nil
}

// Channels names the features of a configuration.
func Channels(c config.Config) (names []string) {
	v := c.Vocabulary()
	if v.Types {
		for _, e := range v.Elements {
			names = append(names, e.String())
		}
	}
	if v.AtomicNumber {
		names = append(names, "Z")
	}
	return slices.Clip(names)
}
