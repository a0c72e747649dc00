package experiment

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"

	"equifm/flow"
)

// CSV writes one line for every figure of every arm at every place that it was taken:
// its mean and interval and the seeds' own values.
func (o *Outcome) CSV(w io.Writer) error {
	out := &lineWriter{csv.NewWriter(w), o}
	out.Write([]string{"experiment", "mode", "arm", "figure", "unit", "at", "mean", "low", "high", "seeds", "failed"})
	for i := range o.Arms {
		out.arm(&o.Arms[i])
	}
	o.eachSwept(func(a *Arm, label string, places []int) {
		for _, p := range places {
			s := a.Results[0].Sweep[p]
			for _, key := range o.sweepKeys() {
				out.values(a, key, figures[key].Unit, fmt.Sprintf("%s, eta %v, NFE %d", s.Solver, s.Eta, s.Quality.NFE), sweptFigure(key, p))
			}
		}
	})
	o.eachSized(func(a *Arm) {
		for p, n := range a.Sizes {
			for _, key := range o.sweepKeys() {
				out.values(a, key, figures[key].Unit, fmt.Sprintf("N = %d", n), sizedFigure(key, p))
			}
		}
	})
	for _, r := range o.Aligned {
		out.plain(r.Arm, "align_time", "µs", fmt.Sprintf("N = %d", r.Atoms), 1e6*r.Seconds, "")
	}
	for _, r := range o.Costs {
		out.plain(r.Arm, "evaluation_time", "ms", fmt.Sprintf("N = %d", r.Atoms), 1000*r.Seconds, "")
	}
	for _, r := range o.Steps {
		at := fmt.Sprintf("N = %d", r.Atoms)
		out.plain(r.Arm, "gradient_time", "ms", at, 1000*r.Gradient, "")
		out.plain(r.Arm, "step_time", "ms", at, 1000*r.Total, "")
		out.plain(r.Arm, "step_memory", "MiB", at, r.Bytes/(1<<20), "")
		out.plain("", "align_time", "µs", at, 1e6*r.Transport, "both, on built molecules")
	}
	for k, rung := range o.Rungs {
		out.rung(k, rung)
	}
	out.Flush()
	return out.Error()
}

// lineWriter writes the lines of an outcome.
type lineWriter struct {
	*csv.Writer
	o *Outcome
}

// values writes a figure of an arm with its interval and its seeds' values.
func (l *lineWriter) values(a *Arm, key, unit, at string, f Figure) {
	v := f.values(a)
	i := v.Interval()
	l.Write([]string{l.o.File.Name, l.o.Mode.String(), a.Name, key, unit, at, number(i.Mean), number(i.Low), number(i.High), numbers(v.Runs), ""})
}

// plain writes a number that has no interval, and what is to be said beside it.
func (l *lineWriter) plain(arm, key, unit, at string, value float64, remark string) {
	l.Write([]string{l.o.File.Name, l.o.Mode.String(), arm, key, unit, at, number(value), "", "", "", remark})
}

// arm writes all figures of an arm, the held-out loss by t, and what becomes of true
// states.
func (l *lineWriter) arm(a *Arm) {
	if failed, why := a.Failures(); len(failed) > 0 {
		l.Write([]string{l.o.File.Name, l.o.Mode.String(), a.Name, "", "", "", "", "", "", spaced(failed), why})
		return
	}
	first := &a.Results[0]
	for _, key := range FigureKeys() {
		f := figures[key]
		if f.needs == "straight" && first.Straight == nil || f.needs == "transport" && first.Move == nil || f.needs == "oracle" && first.Made == nil {
			continue
		}
		l.values(a, key, f.Unit, "", f)
	}
	for k := range flow.TimeBins {
		for _, part := range []string{"x", "h"} {
			l.values(a, "heldout_"+part, "", fmt.Sprintf("t %.1f to %.1f", float64(k)/flow.TimeBins, float64(k+1)/flow.TimeBins), heldAt(part, k))
		}
	}
	for p, t := range l.o.File.Measure.From {
		for _, key := range []string{"atom_stability", "molecule_stability", "validity", "bond_w1", "angle_w1"} {
			l.values(a, key, figures[key].Unit, fmt.Sprintf("from the true state at t = %v", t), startedFigure(key, p))
		}
	}
}

// rung writes the figures of a rung, and what became of each arm.
func (l *lineWriter) rung(k int, r Rung) {
	for i := range r.Arms {
		a := &r.Arms[i]
		failed, _ := a.Failures()
		for _, key := range l.o.File.Figures {
			if len(failed) == 0 {
				l.plain(a.Name, key, figures[key].Unit, fmt.Sprintf("rung %d, %d steps", k+1, r.Steps), figures[key].mean(a), r.Fate[i])
			}
		}
		if len(failed) > 0 {
			l.Write([]string{l.o.File.Name, l.o.Mode.String(), a.Name, "", "", fmt.Sprintf("rung %d, %d steps", k+1, r.Steps), "", "", "", spaced(failed), r.Fate[i]})
		}
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

func numbers(values []float64) (text string) {
	for i, v := range values {
		if i > 0 {
			text += " "
		}
		text += number(v)
	}
	return text
}

// Summary is an outcome for programs: of every arm the figures of the file's table.
type Summary struct {
	Experiment string       `json:"experiment"`
	Title      string       `json:"title"`
	Mode       string       `json:"mode"`
	Command    string       `json:"command"` // that gives it again
	Seeds      []uint64     `json:"seeds"`
	Arms       []ArmSummary `json:"arms"`
	Files      []string     `json:"files"`
}

// ArmSummary is an arm's part of it.
type ArmSummary struct {
	Arm         string                   `json:"arm"`
	What        string                   `json:"what,omitempty"`
	FailedSeeds []uint64                 `json:"failed_seeds,omitempty"`
	Why         string                   `json:"why,omitempty"` // the first failed
	Figures     map[string]FigureSummary `json:"figures,omitempty"`
}

// FigureSummary is a figure's mean over seeds, its interval, and the seeds' own values. A
// number that is not finite is null.
type FigureSummary struct {
	Unit string     `json:"unit,omitempty"`
	Mean *float64   `json:"mean"`
	Low  *float64   `json:"low"`
	High *float64   `json:"high"`
	Runs []*float64 `json:"runs"`
}

// Summary sums an outcome up, whose files are these.
func (o *Outcome) Summary(files ...string) Summary {
	s := Summary{Experiment: o.File.Name, Title: o.File.Title, Mode: o.Mode.String(), Command: o.Command, Seeds: o.File.Seeds, Files: files}
	for i := range o.Arms {
		a := &o.Arms[i]
		arm := ArmSummary{Arm: a.Name, What: a.What}
		if arm.FailedSeeds, arm.Why = a.Failures(); len(arm.FailedSeeds) == 0 {
			arm.Figures = map[string]FigureSummary{}
			for _, key := range o.File.Figures {
				arm.Figures[key] = figures[key].summary(a)
			}
		}
		s.Arms = append(s.Arms, arm)
	}
	return s
}

func (f Figure) summary(a *Arm) FigureSummary {
	v := f.values(a)
	i := v.Interval()
	s := FigureSummary{Unit: f.Unit, Mean: orNull(i.Mean), Low: orNull(i.Low), High: orNull(i.High)}
	for _, run := range v.Runs {
		s.Runs = append(s.Runs, orNull(run))
	}
	return s
}

func orNull(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
