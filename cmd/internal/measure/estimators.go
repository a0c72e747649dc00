package measure

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"equifm/flow"
	"equifm/flow/information"
	"equifm/flow/schedule"

	"gonum.org/v1/gonum/stat"
)

// Trial is how an estimator does on a case whose information is known, over trials.
type Trial struct {
	Case      string  `json:"case"`
	Estimator string  `json:"estimator"`
	Known     float64 `json:"known"` // nat
	Bias      float64 `json:"bias"`  // nat
	BiasError float64 `json:"bias_error"`
	Spread    float64 `json:"spread"` // standard deviation over trials, nat
	Said      float64 `json:"said"`   // the standard error that it gives itself, mean; 0 of one that gives none
}

// Chosen is what an estimator's errors do to the schedule for an even rate that is
// chosen by its curve.
type Chosen struct {
	Estimator  string  `json:"estimator"`
	Unevenness float64 `json:"unevenness"` // by the true curve, at most, a share of all; mean over trials
	Error      float64 `json:"error"`      // its standard error
}

// Estimators is both.
type Estimators struct {
	Trials []Trial  `json:"trials"`
	Chosen []Chosen `json:"chosen"`
}

// ratios are the α/σ at which cases are tried.
var ratios = []float64{1, 4, 12}

const pairsTried = 500

// TryEstimators tries all on Gaussians and on the source's own atoms.
func (s *Source) TryEstimators(trials int) (e Estimators, err error) {
	add := func(kind, estimator string, known float64, estimate func(rng *rand.Rand) (information.Estimate, error)) error {
		var values, said []float64
		for k := range trials {
			got, err := estimate(rand.New(rand.NewPCG(uint64(len(e.Trials)), uint64(k))))
			if err != nil {
				return err
			}
			values, said = append(values, got.Value), append(said, got.Error)
		}
		mean, spread := stat.MeanStdDev(values, nil)
		e.Trials = append(e.Trials, Trial{kind, estimator, known, mean - known, stat.StdErr(spread, float64(trials)), spread, stat.Mean(said, nil)})
		return nil
	}
	for _, r := range ratios {
		gaussians, kinds := ofGaussians(r/4), s.ofKinds(r)
		for _, name := range slices.Sorted(maps.Keys(gaussians)) {
			if err := add(fmt.Sprintf("Gaussian, α/σ = %v", r/4), name, information.Gaussian(r/4, 1, 1, 0), gaussians[name]); err != nil {
				return e, err
			}
		}
		for _, name := range slices.Sorted(maps.Keys(kinds)) {
			if err := add(fmt.Sprintf("an atom's features, α/σ = %v", r), name, s.Kinds.Information(r, r), kinds[name]); err != nil {
				return e, err
			}
		}
	}
	e.Chosen, err = s.choose(trials)
	return e, err
}

type estimator = func(rng *rand.Rand) (information.Estimate, error)

// ofGaussians are the estimators of one Gaussian dimension of variance 1.
func ofGaussians(r float64) map[string]estimator {
	pairs := func(rng *rand.Rand) (x, y [][]float64) {
		for range pairsTried {
			a := rng.NormFloat64()
			x, y = append(x, []float64{a}), append(y, []float64{(r*a + rng.NormFloat64()) / math.Hypot(r, 1)})
		}
		return x, y
	}
	return map[string]estimator{
		"nearest neighbours, 500 pairs": func(rng *rand.Rand) (information.Estimate, error) {
			x, y := pairs(rng)
			return information.Continuous(x, y, 4)
		},
		"closed form, variance of 500": func(rng *rand.Rand) (information.Estimate, error) {
			squares := 0.0
			for range pairsTried {
				v := rng.NormFloat64()
				squares += v * v / pairsTried
			}
			return information.Estimate{Value: information.Gaussian(r, 1, squares, 0)}, nil
		},
		"denoising, the best guess, 500": func(rng *rand.Rand) (information.Estimate, error) { return denoised(rng, r, 1), nil },
		"denoising, guesses 10% large":   func(rng *rand.Rand) (information.Estimate, error) { return denoised(rng, r, 1.1), nil },
	}
}

// denoised adds the errors of guesses, the best times off, up to a ratio.
func denoised(rng *rand.Rand, r, off float64) information.Estimate {
	path := flow.Path{X: schedule.Linear{}, H: schedule.Linear{}}
	end := 1 / (1 + r) // α/σ = (1-t)/t there
	e := &information.Errors{Times: flow.PowerGrid(1, end, 1, 24)}
	for range pairsTried {
		x0, z := rng.NormFloat64(), rng.NormFloat64()
		var squares []float64
		for _, t := range e.Times {
			c := path.X.At(t)
			guess := off * c.Alpha / (c.Alpha*c.Alpha + c.Sigma*c.Sigma) * (c.Alpha*x0 + c.Sigma*z)
			squares = append(squares, (guess-x0)*(guess-x0))
		}
		none := make([]float64, len(squares))
		e.Atoms, e.X, e.H, e.Z = append(e.Atoms, 1), append(e.X, squares), append(e.H, none), append(e.Z, none)
	}
	x, _ := e.Information(path)
	return x[len(x)-1]
}

// ofKinds are the estimators of an atom's features.
func (s *Source) ofKinds(r float64) map[string]estimator {
	all := map[string]estimator{
		"1,000 draws a kind": func(rng *rand.Rand) (information.Estimate, error) { return s.Kinds.Draw(r, r, 1000, rng), nil },
	}
	if _, h := s.Kinds.Sample(1, 1, 1, rand.New(rand.NewPCG(0, 0))); len(h[0]) <= 5 {
		all["nearest neighbours, 500 atoms"] = func(rng *rand.Rand) (information.Estimate, error) {
			labels, h := s.Kinds.Sample(pairsTried, r, r, rng)
			return information.Discrete(labels, h, 4)
		}
	}
	return all
}

// choose has each estimator of features choose a schedule, and asks the true curve.
func (s *Source) choose(trials int) (chosen []Chosen, err error) {
	var places, times []float64
	for k := range 25 {
		places, times = append(places, -2+0.25*float64(k)), append(times, float64(k)/24)
	}
	known := information.NewCurve(places, func(r float64) float64 { return s.Kinds.Information(r, r) })
	for _, name := range slices.Sorted(maps.Keys(s.ofKinds(1))) {
		var values []float64
		for k := range trials {
			rng := rand.New(rand.NewPCG(99, uint64(k)))
			c := information.NewCurve(places, func(r float64) float64 {
				got, wrong := s.ofKinds(r)[name](rng)
				if wrong != nil {
					err = wrong
				}
				return got.Value
			})
			if err != nil {
				return nil, err
			}
			values = append(values, known.Unevenness(times, c.ForRate(times)))
		}
		mean, spread := stat.MeanStdDev(values, nil)
		chosen = append(chosen, Chosen{name, mean, stat.StdErr(spread, float64(trials))})
	}
	for _, off := range []struct {
		name  string
		curve func(r float64) float64
	}{
		{"quadrature", func(r float64) float64 { return s.Kinds.Information(r, r) }},
		{"quadrature of the one-hot alone", func(r float64) float64 { return s.alone().Information(r, r) }},
		{"closed form, as if features were Gaussian", s.asGaussian},
	} {
		chosen = append(chosen, Chosen{Estimator: off.name, Unevenness: known.Unevenness(times, information.NewCurve(places, off.curve).ForRate(times))})
	}
	return chosen, nil
}

// alone is the kinds without the channel of Z.
func (s *Source) alone() information.Kinds {
	k := s.Kinds
	k.Numbers = nil
	return k
}

// asGaussian is the information of Gaussian features of the same variances.
func (s *Source) asGaussian(r float64) (i float64) {
	for _, p := range s.Kinds.Shares {
		i += information.Gaussian(r, 1, p*(1-p)*s.Kinds.Height*s.Kinds.Height, 0)
	}
	return i
}
