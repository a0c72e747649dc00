package run

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"equifm/cmd/internal/model"
	"equifm/flow"
)

// entry is a line of log.jsonl: means over the steps since the last line.
type entry struct {
	Step      int     `json:"step"`
	Loss      float64 `json:"loss"`
	X         float64 `json:"x"`              // |q̂_x - q_x|², Å², per atom
	H         float64 `json:"h"`              // |q̂_h - q_h|² per atom
	Angle     float64 `json:"angle"`          // 1 - cos
	Pair      float64 `json:"pair,omitempty"` // loss on short distances
	Norm      float64 `json:"norm"`           // of the gradient, before clipping
	LR        float64 `json:"lr"`
	Molecules float64 `json:"molecules_per_second"`
	Seconds   float64 `json:"seconds"` // since the program started

	Valid *held `json:"valid,omitempty"` // of held-out molecules under the averaged weights, at checkpoints
}

// held is the loss of held-out molecules, at uniform times and the published
// weights whatever training has.
type held struct {
	Loss  float64                `json:"loss"`
	X     float64                `json:"x"`
	H     float64                `json:"h"`
	Angle float64                `json:"angle"`
	XByT  [flow.TimeBins]float64 `json:"x_by_t"` // by tenths of t
	HByT  [flow.TimeBins]float64 `json:"h_by_t"`
}

func decodes(line string, v any) bool { return json.Unmarshal([]byte(line), v) == nil }

// Train takes the steps that are left, says how it goes, and saves. Stopped by
// ctx it saves and says how to go on.
func (r *Run) Train(ctx context.Context) error {
	t, start := r.Config.Train, time.Now()
	m := meter{last: start}
	for r.Trainer.Steps < t.Steps {
		r.Trainer.LR = r.rate(r.Trainer.Steps)
		report, err := r.Trainer.Step()
		if err != nil {
			if r.Model.Step == 0 {
				return fmt.Errorf("%w; no checkpoint was saved yet", err)
			}
			return fmt.Errorf("%w; %s is as of step %d", err, r.path(model.Checkpoint), r.Model.Step)
		}
		m.add(report)
		stopped := ctx.Err() != nil
		due := report.Step%t.CheckpointEvery == 0 || report.Step == t.Steps || stopped
		if due || report.Step%t.LogEvery == 0 {
			e := m.flush(r.Trainer, start)
			if due && !stopped {
				if e.Valid, err = r.validLoss(); err != nil {
					return err
				}
			}
			if err := r.say(e); err != nil {
				return err
			}
		}
		if due {
			if err := r.save(); err != nil {
				return err
			}
			m.last = time.Now() // the rate is of training alone
		}
		if stopped && report.Step < t.Steps {
			return fmt.Errorf("stopped after step %d of %d; go on with: go run ./cmd/train -resume -out %s", report.Step, t.Steps, r.Dir)
		}
	}
	r.Model.Average = r.Trainer.Average.Data
	return nil
}

// rate is the learning rate of a step counted from 0: linear warm-up, then
// constant or half a cosine down to 0 at the last step. Over the steps of the
// cool-down it falls to 0 as 1 - sqrt of their share (Hägele et al. 2024, arXiv
// 2405.18392), from wherever it was.
func (r *Run) rate(step int) float64 {
	t := r.Config.Train
	lr := t.LR
	if step < t.Warmup {
		lr *= float64(step+1) / float64(t.Warmup)
	}
	if t.Decay == "cosine" {
		lr *= 0.5 * (1 + math.Cos(math.Pi*float64(step)/float64(t.Steps)))
	}
	if left := t.Steps - step; left < t.Cooldown {
		lr *= 1 - math.Sqrt(1-float64(left)/float64(t.Cooldown))
	}
	return lr
}

// validLoss is the loss of the held-out molecules, nil if there are none.
func (r *Run) validLoss() (*held, error) {
	if len(r.Valid) == 0 {
		return nil, nil
	}
	v, err := r.Trainer.Validate(r.Valid)
	h := held{Loss: v.Total, X: v.X, H: v.H, Angle: v.Angle}
	for k, p := range v.ByTime {
		h.XByT[k], h.HByT[k] = p.X, p.H
	}
	return &h, err
}

func (r *Run) save() error {
	if err := model.Save(r.path(model.Checkpoint), r.Model, r.Trainer); err != nil {
		return err
	}
	r.Model.Step = r.Trainer.Steps
	return r.log.Sync()
}

func (r *Run) say(e entry) error {
	left := time.Duration(float64(r.Config.Train.Steps-e.Step) * float64(r.Config.Train.Batch) / e.Molecules * float64(time.Second))
	fmt.Fprintf(r.screen, "step %*d/%d  loss %7.4f  x %7.4f  h %7.4f  angle %6.4f  |g| %7.3f  %6.0f molecules/s  %s left\n",
		len(fmt.Sprint(r.Config.Train.Steps)), e.Step, r.Config.Train.Steps, e.Loss, e.X, e.H, e.Angle, e.Norm, e.Molecules, left.Round(time.Second))
	if e.Valid != nil {
		fmt.Fprintf(r.screen, "  loss of %d molecules held out, averaged weights: %.4f\n", len(r.Valid), e.Valid.Loss)
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = r.log.Write(append(line, '\n'))
	return err
}

// DryRun takes one step and forgets it.
func (r *Run) DryRun() error {
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
	fmt.Fprintf(r.screen, "one step: loss %.4f; the next took %.2f s, so %d steps take about %s; nothing was written\n",
		report.Loss.Total, second.Seconds(), r.Config.Train.Steps, (time.Duration(r.Config.Train.Steps) * second).Round(time.Second))
	return nil
}

// meter averages reports between two lines of the log.
type meter struct {
	sum   flow.Parts
	norm  float64
	steps int
	last  time.Time
}

func (m *meter) add(r flow.Report) {
	m.sum.Total += r.Loss.Total
	m.sum.X += r.Loss.X
	m.sum.H += r.Loss.H
	m.sum.Angle += r.Loss.Angle
	m.sum.Pair += r.Loss.Pair
	m.norm += r.Norm
	m.steps++
}

func (m *meter) flush(tr *flow.Trainer[float32], start time.Time) entry {
	n, now := float64(m.steps), time.Now()
	e := entry{Step: tr.Steps, Loss: m.sum.Total / n, X: m.sum.X / n, H: m.sum.H / n, Angle: m.sum.Angle / n, Pair: m.sum.Pair / n,
		Norm: m.norm / n, LR: tr.LR, Molecules: n * float64(tr.Batch) / now.Sub(m.last).Seconds(), Seconds: now.Sub(start).Seconds()}
	*m = meter{last: now}
	return e
}
