package run

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"equifm/cmd/internal/checkpoint"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/nn/parallel"
)

// Stopped says that training ended before its time, and that no step is lost:
// the checkpoint is as of the last.
type Stopped struct {
	Step, Steps int
	Dir         string
	Cause       error // nil if the run was told to stop
}

func (s *Stopped) Error() string {
	text := fmt.Sprintf("stopped after step %d of %d", s.Step, s.Steps)
	if s.Cause != nil {
		text += fmt.Sprintf(", which is saved: %v", s.Cause)
	}
	return text
}

func (s *Stopped) Unwrap() error { return s.Cause }

// Train takes the steps that are left, says how it goes, and saves. When ctx
// ends, or nobody hears any longer what it says, it saves and returns a *Stopped.
//
// Of several ranks the first saves. When its ctx ends the others wait for it in the next
// step, until the job is ended: theirs is not to end.
func (r *Run) Train(ctx context.Context) error {
	if err := r.settle(); err != nil {
		return err
	}
	t, start := r.Config.Train, time.Now()
	m := meter{last: start}
	r.line.Begin("training: step", "", float64(r.Trainer.Steps), float64(t.Steps))
	r.line.After(r.sampling)
	defer r.line.End()
	w := watch{begun: r.Trainer.Steps == 0}
	for report, err := range r.Trainer.Run(t.Steps, r.rate().At) {
		if err != nil {
			return r.lost(err)
		}
		m.add(report)
		r.line.Set(float64(report.Step))
		r.losses.add(report.Loss.Total)
		if note := w.add(report.Loss.Total, report.Norm, r.Config); note != "" {
			fmt.Fprintf(r.screen, "WARNING: step %d: %s\n", report.Step, note)
		}
		if err := r.pace(report.Step); err != nil {
			return r.lost(err)
		}
		told := ctx.Err() != nil
		due := report.Step%t.CheckpointEvery == 0 || report.Step == t.Steps
		logged := due || report.Step%t.LogEvery == 0
		if err := r.meet(due, logged); err != nil {
			return r.lost(err)
		}
		var unheard error
		if told || logged {
			if unheard, err = r.tell(m.flush(r.Trainer, start, r.cpu()), due && (!told || r.Ranks != nil)); err != nil {
				return r.lost(err)
			}
		}
		if told || due || unheard != nil {
			if err := r.save(); err != nil {
				return r.lost(err)
			}
			m.last = time.Now() // the rate is of training alone
		}
		switch {
		case told && report.Step < t.Steps:
			return &Stopped{report.Step, t.Steps, r.Dir, nil}
		case unheard != nil:
			return &Stopped{report.Step, t.Steps, r.Dir, unheard}
		}
	}
	r.Model.Average = r.Trainer.Average.Data
	return r.Trainer.Fetch()
}

// forward is how many times as fast a molecule is evaluated as it is learned from, about.
const forward = 4

// sampling returns how long the sample in the end will take, s, by the steps a second.
func (r *Run) sampling(steps float64) float64 {
	s := r.Config.Sample
	return float64(s.Number) * float64(trained.Evaluations(s)) / (forward * steps * float64(r.Config.Train.Batch))
}

// settle has the trainer work on the run's device.
func (r *Run) settle() error {
	if r.Device == nil {
		return nil
	}
	return r.Device.Train(r.Model.Field, r.Trainer)
}

// tell says an entry, at a checkpoint with the loss of what is held out. It
// returns why it went unheard, and why the step should not be saved.
func (r *Run) tell(e entry, checkpoint bool) (unheard, err error) {
	if checkpoint {
		e.Valid, err = r.validLoss()
	}
	return errors.Join(r.say(e), r.screen.err), err
}

// rate is the learning rate, step by step.
func (r *Run) rate() flow.Rate { return rate(r.Config.Train) }

func rate(t config.Train) flow.Rate {
	return flow.Rate{LR: t.LR, Steps: t.Steps, Warmup: t.Warmup, Cosine: t.Decay == config.Cosine, Cooldown: t.Cooldown}
}

// validLoss is the loss of the held-out molecules, nil if there are none.
func (r *Run) validLoss() (*held, error) {
	if len(r.Valid) == 0 {
		return nil, nil
	}
	v, err := r.Trainer.Validate(r.Valid)
	if err != nil {
		return nil, err
	}
	if math.IsNaN(v.Total) || math.IsInf(v.Total, 0) {
		return nil, fmt.Errorf("step %d is not saved: the loss of the molecules held out is %v", r.Trainer.Steps, v.Total)
	}
	h := held{Loss: v.Total, X: v.X, H: v.H, Angle: v.Angle}
	for k, p := range v.ByTime {
		h.XByT[k], h.HByT[k] = p.X, p.H
	}
	return &h, nil
}

// save replaces the checkpoint by one that is no worse: everything in it is
// finite, and the loss is within what it was.
func (r *Run) save() error {
	step := r.Trainer.Steps
	if err := r.Trainer.Fetch(); err != nil {
		return fmt.Errorf("step %d is not saved: %w", step, err)
	}
	if r.log != nil {
		if err := r.log.Sync(); err != nil { // the log is never behind the checkpoint
			return err
		}
	}
	past, err := r.losses.judge(r.Losses)
	if err != nil {
		return fmt.Errorf("step %d is not saved: %w", step, err)
	}
	r.Losses, r.Model.CPU = past, r.cpu()
	if parallel.Leads(r.Ranks) {
		if err := checkpoint.Save(r.path(trained.Checkpoint), &r.State); err != nil {
			return fmt.Errorf("step %d is not saved: %w", step, err)
		}
	}
	r.Model.Step = step
	return nil
}

// lost adds to an error what there is to go back to.
func (r *Run) lost(err error) error {
	if r.Model.Step == 0 {
		return fmt.Errorf("%w; no checkpoint was saved yet", err)
	}
	return fmt.Errorf("%w; %s is as of step %d", err, r.path(trained.Checkpoint), r.Model.Step)
}

// DryRun takes one step and forgets it.
func (r *Run) DryRun() error {
	if err := r.settle(); err != nil {
		return err
	}
	start := time.Now()
	report, err := r.Trainer.Step()
	if err != nil {
		return err
	}
	once := time.Since(start)
	if _, err = r.Trainer.Step(); err != nil {
		return err
	}
	second := time.Since(start) - once
	r.perStep = second.Seconds()
	r.last = &entry{Loss: report.Loss.Total}
	out := r.out()
	fmt.Fprintf(out, "one step: loss %.4f; the next took %.2f s, so %d steps take about %s; nothing was written\n",
		report.Loss.Total, second.Seconds(), r.Config.Train.Steps, (time.Duration(r.Config.Train.Steps) * second).Round(time.Second))
	return r.heard(out)
}
