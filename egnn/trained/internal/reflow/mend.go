package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/molecule"
	"equifm/molecule/metrics"
)

// course is a way from noise to molecules by two models: a straightened one in few steps,
// and from a time on the original, with noise on the way.
type course struct {
	first int     // evaluations of the straightened model, down to t = 0
	at    float64 // the time that its molecules are taken back to, by noise of that time
	then  int     // evaluations of the original from there
	eta   float64 // its noise
}

// courses are the best of some fifty that were tried, of 10, 20 and 29 evaluations.
var courses = []course{{4, 0.18, 6, 4}, {5, 0.25, 15, 8}, {5, 0.4, 24, 8}}

// mend prints how many molecules of a sample are stable, by courses.
func (s settings) mend(straight, original *trained.Model) error {
	for _, c := range courses {
		if s.from > 0 {
			c.at = s.from
		}
		states, nfe, err := s.follow(c, straight, original)
		if err != nil {
			return err
		}
		var tally metrics.Tally
		for _, one := range states {
			for _, j := range original.Judge([]*molecule.Molecule{datasets.Decode(original.Config.Vocabulary(), one.X, one.H)}) {
				tally.Add(j)
			}
		}
		fmt.Printf("%d straight, then %d from t = %g with noise %g: %3d evaluations:%s\n", c.first, c.then, c.at, c.eta, nfe, shares(tally.Totals()))
	}
	return nil
}

// follow draws a sample by a course; nfe are its evaluations for a molecule.
func (s settings) follow(c course, straight, original *trained.Model) (states []flow.State[float32], nfe int, err error) {
	o := straight.Options()
	o.Number, o.Seed, o.Workers, o.Solver, o.Steps, o.Eta = s.judged, s.seed+1000, s.workers, flow.DPM, c.first, 0
	sizes, _, err := straight.Draw(o)
	if err != nil {
		return nil, 0, err
	}
	sampler, err := straight.Sampler(o)
	if err != nil {
		return nil, 0, err
	}
	if s.from > 0 {
		sampler.End = s.from // where it is straight no more
	}
	states, stats, err := sampler.Sample(sizes, nil)
	if err != nil {
		return nil, 0, err
	}
	nfe = stats.NFE

	path, rng := original.FlowPath(), rand.New(rand.NewPCG(s.seed, 1))
	x, h := path.X.At(c.at), path.H.At(c.at)
	for _, one := range states {
		z := flow.State[float32]{X: make([]float32, len(one.X)), H: make([]float32, len(one.H))}
		flow.CentredNormal(rng, z.X)
		flow.Normal(rng, z.H)
		for i := range z.X {
			one.X[i] = float32(x.Alpha)*one.X[i] + float32(x.Sigma)*z.X[i]
		}
		for i := range z.H {
			one.H[i] = float32(h.Alpha)*one.H[i] + float32(h.Sigma)*z.H[i]
		}
	}
	o = original.Options()
	o.Seed, o.Workers, o.Solver, o.Eta = s.seed+1000, s.workers, flow.DPM, c.eta
	o.Steps = int(math.Round(float64(c.then) / c.at)) // of the whole way; it goes the part from c.at on
	if sampler, err = original.Sampler(o); err != nil {
		return nil, 0, err
	}
	sampler.Start = flow.Start[float32]{At: c.at, States: states}
	states, stats, err = sampler.Sample(sizes, nil)
	return states, nfe + stats.NFE, err
}

// shares is a sample's quality in percent.
func shares(all metrics.Totals) (text string) {
	for _, key := range []string{"atom_stability", "molecule_stability", "validity", "connected"} {
		text += fmt.Sprintf("  %s %.1f", key, 100*all.Counts[key].Value())
	}
	return text
}
