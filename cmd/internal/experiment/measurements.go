package experiment

import (
	"context"
	"errors"
	"fmt"

	"equifm/cmd/internal/measure"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/flow/ode"
)

// sample returns a sample of the run's model, judged: of molecules of so many atoms, or
// with 0 of sizes as the training set has them.
func (s *subject) sample(ctx context.Context, how config.Sample, atoms int) (measure.Quality, error) {
	asked := fmt.Sprintf("%+v", how)
	if atoms > 0 {
		asked += fmt.Sprintf(" of %d atoms", atoms)
	}
	return stored(s.dir, "sample", asked, func() (q measure.Quality, err error) {
		r, err := s.train(ctx)
		if err != nil {
			return q, err
		}
		q, err = measure.Sample(ctx, r.Model, trained.Options{Sample: how, Atoms: atoms, Seed: s.config.Seed, Workers: s.lab.Workers}, s.lab.clock)
		if errors.Is(err, ode.ErrNonFinite) {
			return measure.Quality{Failed: err.Error()}, nil
		}
		return q, err
	})
}

// straightMolecules are followed for the straightness of a run's model.
const straightMolecules = 64

func (s *subject) straightness(ctx context.Context) (measure.Straightness, error) {
	return stored(s.dir, "straightness", fmt.Sprint(straightMolecules), func() (v measure.Straightness, err error) {
		r, err := s.train(ctx)
		if err != nil {
			return v, err
		}
		return measure.Straight(r.Model, s.config.Seed, straightMolecules, s.lab.Workers)
	})
}

// alignedMolecules are moved to measure a transport.
const alignedMolecules = 256

func (s *subject) transport(ctx context.Context) (measure.Transport, error) {
	return stored(s.dir, "transport", fmt.Sprint(alignedMolecules), func() (t measure.Transport, err error) {
		r, err := s.train(ctx)
		if err != nil {
			return t, err
		}
		return measure.Align(s.config.Align(), measure.Coordinates(r.Examples, alignedMolecules), s.config.Seed, s.lab.clock)
	})
}

// denoise returns what the errors of a run's model add up to by time.
func (s *subject) denoise(ctx context.Context, times []float64, molecules int) (measure.Learned, error) {
	return stored(s.dir, "information", fmt.Sprintf("%v %d", times, molecules), func() (l measure.Learned, err error) {
		r, err := s.train(ctx)
		if err != nil {
			return l, err
		}
		return measure.Denoise(r.Model, r.Valid[:min(molecules, len(r.Valid))], append([]float64{1}, times...), s.config.Seed, s.lab.Workers)
	})
}

// diagnosis is where in t a model goes wrong.
type diagnosis struct {
	From     []measure.From     `json:"from"`
	Features []measure.Features `json:"features"`
}

// featureTimes are those that ĥ₀ is looked at.
var featureTimes = []float64{0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1}

func (s *subject) diagnose(ctx context.Context, times []float64, molecules int) (diagnosis, error) {
	how := s.config.Sample
	return stored(s.dir, "diagnosis", fmt.Sprintf("%v %d %+v", times, molecules, how), func() (d diagnosis, err error) {
		r, err := s.train(ctx)
		if err != nil {
			return d, err
		}
		n := min(molecules, len(r.Valid))
		o := trained.Options{Sample: how, Seed: s.config.Seed, Workers: s.lab.Workers}
		return diagnose(ctx, r.Model, r.Valid[:n], o, times)
	})
}

// diagnose takes both halves of a diagnosis.
func diagnose(ctx context.Context, m *trained.Model, examples []flow.Example[float32], o trained.Options, times []float64) (d diagnosis, err error) {
	truth, err := measure.NewTruth(m, examples, o.Seed)
	if err != nil {
		return d, err
	}
	for _, t := range times {
		f, err := truth.From(ctx, o, t)
		if err != nil {
			return d, err
		}
		d.From = append(d.From, f)
	}
	for _, t := range featureTimes {
		f, err := truth.Features(o, t)
		if err != nil {
			return d, err
		}
		d.Features = append(d.Features, f)
	}
	return d, nil
}
