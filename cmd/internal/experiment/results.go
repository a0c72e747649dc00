package experiment

import (
	"context"
	"fmt"
	"time"

	"equifm/cmd/internal/bootstrap"
	"equifm/cmd/internal/measure"
	"equifm/egnn/trained/config"
	"equifm/flow"
)

// Result is what is known of one run.
type Result struct {
	Seed      uint64
	Training  Training
	Quality   measure.Quality
	Sweep     []Swept // quality by evaluations of the network
	BySize    []measure.Quality
	Straight  *measure.Straightness
	Move      *measure.Transport
	Diagnosis *diagnosis
	Made      *Made            // as it was asked for
	Learned   *measure.Learned // how much states tell, by the model's errors
}

// Swept is one sample of a sweep.
type Swept struct {
	Noise bool // drawn with the arm's own noise
	NFE   int  // that was asked for; Quality's is what it took
	measure.Quality
}

// Failed says why a run has no sample, "" if it has.
func (r *Result) Failed() string {
	if r.Training.Failed != "" {
		return r.Training.Failed
	}
	return r.Quality.Failed
}

// Arm is an arm with all its runs.
type Arm struct {
	Name, What string
	Against    string        // the arm it is compared with; "" for the file's
	Sizes      []int         // that Result.BySize has samples of
	EqualTo    string        // the arm that this is for as long as the reference takes; "" for one of the file's
	Config     config.Config // with the first seed
	Results    []Result
	Reference  measure.Reference

	drawn map[drawn]bootstrap.Values
}

// Failures are the seeds whose run failed, and why the first did.
func (a *Arm) Failures() (seeds []uint64, why string) {
	for i := range a.Results {
		if f := a.Results[i].Failed(); f != "" {
			if seeds = append(seeds, a.Results[i].Seed); why == "" {
				why = f
			}
		}
	}
	return seeds, why
}

// run makes one run of an arm, or takes it up.
func (l *Lab) run(ctx context.Context, f *File, a *Arm, seed uint64) (r Result, err error) {
	c, begin := a.Config, time.Now()
	c.Seed = seed
	_, reference, err := l.data(c)
	if err != nil {
		return r, err
	}
	measure := f.Measure
	measure.Sizes = a.Sizes
	if r, err = l.result(ctx, c, measure, f.wants()); err != nil {
		return r, fmt.Errorf("%s, arm %s, seed %d: %w", f.Name, a.Name, seed, err)
	}
	if took := time.Since(begin); took > time.Second {
		l.say("%s: %s, seed %d: %s (%.0f s)\n", f.Name, a.Name, seed, r.summary(reference), took.Seconds())
	}
	return r, nil
}

// say writes a line of progress, one run's at a time.
func (l *Lab) say(format string, args ...any) {
	l.shared.mu.Lock()
	defer l.shared.mu.Unlock()
	fmt.Fprintf(l.Say, format, args...)
}

func (r *Result) summary(ref measure.Reference) string {
	if why := r.Failed(); why != "" {
		return "FAILED: " + why
	}
	return fmt.Sprintf("%d steps in %.1f s of processor time, bonds %.1f mÅ off, %.1f%% of atoms stable",
		r.Training.Steps, r.Training.CPU, 1000*r.Quality.BondW1(ref, nil), r.Quality.Share(nil, stableAtoms))
}

// wants says which of the dearer measurements some figure is made of.
func (f *File) wants() map[string]bool {
	wants := map[string]bool{"straight": f.Measure.Straightness}
	for _, key := range f.Figures {
		wants[figures[key].needs] = true
	}
	return wants
}

// result makes one run, or takes it up, and measures it.
func (l *Lab) result(ctx context.Context, c config.Config, m Measure, wants map[string]bool) (r Result, err error) {
	s, err := l.subject(c)
	if err != nil {
		return r, err
	}
	defer s.close()
	r.Seed = c.Seed
	if r.Training, err = s.training(ctx); err != nil || r.Training.Failed != "" {
		return r, err
	}
	if r.Quality, err = s.sample(ctx, c.Sample, 0); err != nil || r.Quality.Failed != "" {
		return r, err
	}
	if wants["straight"] {
		v, err := s.straightness(ctx)
		if err != nil {
			return r, err
		}
		r.Straight = &v
	}
	if wants["transport"] {
		v, err := s.transport(ctx)
		if err != nil {
			return r, err
		}
		r.Move = &v
	}
	if l.judge != nil {
		v, err := s.made(ctx, l.judge)
		if err != nil {
			return r, err
		}
		r.Made = &v
	}
	if len(m.From) > 0 {
		v, err := s.diagnose(ctx, m.From, m.Number)
		if err != nil {
			return r, err
		}
		r.Diagnosis = &v
	}
	if len(m.Information) > 0 {
		v, err := s.denoise(ctx, m.Information, m.Number)
		if err != nil {
			return r, err
		}
		r.Learned = &v
	}
	if r.BySize, err = s.bySize(ctx, m); err != nil {
		return r, err
	}
	r.Sweep, err = s.sweep(ctx, m)
	return r, err
}

// sweep samples at several numbers of evaluations, without noise and, where the arm's
// own solver has it, with.
func (s *subject) sweep(ctx context.Context, m Measure) (sweep []Swept, err error) {
	for _, noise := range []bool{false, true} {
		own := s.config.Sample
		if noise && !(m.Noise && own.Noisy()) {
			continue
		}
		for _, n := range m.NFE {
			how := own
			how.Number, how.Steps = m.Number, stepsFor(own.Solver, n)
			if !noise {
				how.Solver, how.Eta, how.Resample, how.Steps = flow.Euler, 0, 1, n
			}
			q, err := s.sample(ctx, how, 0)
			if err != nil {
				return nil, err
			}
			sweep = append(sweep, Swept{noise, n, q})
		}
	}
	return sweep, nil
}

// stepsFor returns the most steps that a solver of fixed steps takes in so many
// evaluations of the network, at least one.
func stepsFor(s flow.Solver, nfe int) int {
	switch s {
	case flow.Ancestral: // one evaluation beyond the steps
		nfe--
	case flow.Karras: // two a step, but for the last
		nfe = (nfe + 1) / 2
	}
	return max(1, nfe)
}
