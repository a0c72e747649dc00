package experiment

import (
	"context"
	"fmt"
	"math"

	"equifm/cmd/internal/measure"
)

// Outcome is an experiment that was run.
type Outcome struct {
	File    *File
	Mode    Mode
	Command string
	Arms    []Arm
	Rungs   []Rung       // of a halving
	Aligned []AlignedRow // the transport by itself
	Told    []Told       // how much states tell of the data
	Tried   *measure.Estimators
	Costs   []CostRow // one evaluation by itself
	Steps   []StepRow // one training step by itself
}

// AlignedRow is what a transport takes by the size of molecules.
type AlignedRow struct {
	Arm     string
	Atoms   int
	Seconds float64 // of processor time, a molecule
	Cost    float64 // Å², an atom, of what it leaves
}

// Run makes all runs of an experiment that have not been made before.
func (l *Lab) Run(ctx context.Context, f *File, mode Mode) (*Outcome, error) {
	o := &Outcome{File: f, Mode: mode}
	if err := l.appoint(ctx, f, mode); err != nil {
		return o, err
	}
	if len(f.Halving.Rungs) > 0 {
		return o, l.halve(ctx, o)
	}
	for i := range f.Arms {
		a, err := f.newArm(i, mode)
		if err != nil {
			return o, err
		}
		o.Arms = append(o.Arms, a)
	}
	if err := l.runs(ctx, o, 0); err != nil {
		return o, err
	}
	if f.EqualTime {
		first := len(o.Arms)
		o.Arms = append(o.Arms, o.equalTime()...)
		if err := l.runs(ctx, o, first); err != nil {
			return o, err
		}
	}
	return o, errorsFirst(l.align(o), l.tell(o), l.cost(ctx, o), l.step(o))
}

// newArm returns an arm without runs.
func (f *File) newArm(i int, mode Mode) (a Arm, err error) {
	a.Name, _ = f.Arms[i]["name"].(string)
	a.What, _ = f.Arms[i]["what"].(string)
	a.Against, _ = f.Arms[i]["against"].(string)
	if a.Sizes, _ = armSizes(f.Arms[i]); a.Sizes == nil {
		a.Sizes = f.Measure.Sizes
	}
	a.Config, err = f.configuration(i, mode)
	return a, err
}

// runs makes the runs of the arms from one on.
func (l *Lab) runs(ctx context.Context, o *Outcome, first int) error {
	return l.perform(ctx, o.File, jobs(o.Arms[first:], o.File.Seeds))
}

// jobs lists the runs of arms, seed by seed: what the machine does beside falls on all
// arms alike.
func jobs(arms []Arm, seeds []uint64) (jobs []job) {
	for _, seed := range seeds {
		for i := range arms {
			jobs = append(jobs, job{arm: &arms[i], seed: seed})
		}
	}
	return jobs
}

// alike is the ratio of times up to which two arms have taken equally long: a busy
// machine does not measure better.
const alike = 1.15

// equalTime returns, for every arm that took longer or less long than the reference,
// that arm with the steps it takes in the reference's time.
func (o *Outcome) equalTime() (arms []Arm) {
	reference := o.find(o.File.Reference)
	base := meanCPU(reference)
	for i := range o.Arms {
		a := &o.Arms[i]
		ratio := meanCPU(a) / base
		if failed, _ := a.Failures(); len(failed) > 0 || base == 0 || ratio < alike && ratio > 1/alike {
			continue
		}
		b := Arm{Name: a.Name + ", equal time", EqualTo: a.Name, Config: a.Config, Sizes: a.Sizes,
			What: fmt.Sprintf("%s for as long as %s takes", a.Name, reference.Name)}
		t := &b.Config.Train
		t.Steps = max(1, 10*int(math.Round(float64(t.Steps)/ratio/10)))
		t.Warmup, t.Cooldown = min(t.Warmup, t.Steps), min(t.Cooldown, t.Steps)
		arms = append(arms, b)
	}
	return arms
}

func meanCPU(a *Arm) (mean float64) {
	for i := range a.Results {
		mean += a.Results[i].Training.CPU / float64(len(a.Results))
	}
	return mean
}

// ballsTimed are the molecules of a size that a transport is timed on.
const ballsTimed = 24

// align times the transport of each arm by itself, at the file's sizes.
func (l *Lab) align(o *Outcome) error {
	for i := range o.Arms {
		a := &o.Arms[i]
		if a.EqualTo != "" {
			continue
		}
		for _, n := range o.File.Measure.Alignment {
			options := a.Config.Align()
			t, err := stored(l.Dir, "align", fmt.Sprintf("%+v %d %d", options, n, ballsTimed), func() (measure.Transport, error) {
				return measure.Align(options, measure.Balls(n, ballsTimed), 1, l.clock)
			})
			if err != nil {
				return err
			}
			o.Aligned = append(o.Aligned, AlignedRow{a.Name, n, t.Seconds, mean(t.Cost, nil)})
		}
	}
	return nil
}
