package experiment

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"equifm/cmd/internal/bootstrap"
)

// CSV writes one line for every figure of every arm at every place that it was taken:
// its mean and interval and the seeds' own values.
func (o *Outcome) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"experiment", "mode", "arm", "figure", "unit", "at", "mean", "low", "high", "seeds", "failed"})
	line := func(a *Arm, key, unit, at string, v bootstrap.Values) {
		i := v.Interval()
		out.Write([]string{o.File.Name, o.Mode.String(), a.Name, key, unit, at, number(i.Mean), number(i.Low), number(i.High), numbers(v.Runs), ""})
	}
	for i := range o.Arms {
		a := &o.Arms[i]
		if failed, why := a.Failures(); len(failed) > 0 {
			out.Write([]string{o.File.Name, o.Mode.String(), a.Name, "", "", "", "", "", "", fmt.Sprint(failed), why})
			continue
		}
		for _, key := range FigureKeys() {
			f := figures[key]
			if f.needs == "straight" && a.Results[0].Straight == nil || f.needs == "transport" && a.Results[0].Move == nil {
				continue
			}
			line(a, key, f.Unit, "", f.values(a))
		}
		for k := range a.Results[0].Training.Held.XByT {
			for _, part := range []string{"x", "h"} {
				f := Figure{Scale: 1, of: func(_ *Arm, r *Result, _ []int) float64 {
					if part == "x" {
						return r.Training.Held.XByT[k]
					}
					return r.Training.Held.HByT[k]
				}}
				line(a, "heldout_"+part, "", fmt.Sprintf("t %.1f to %.1f", float64(k)/10, float64(k+1)/10), f.values(a))
			}
		}
	}
	o.eachSwept(func(a *Arm, label string, places []int) {
		for _, p := range places {
			s := a.Results[0].Sweep[p]
			for _, key := range o.sweepKeys() {
				line(a, key, figures[key].Unit, fmt.Sprintf("%s, eta %v, NFE %d", s.Solver, s.Eta, s.Quality.NFE), sweptFigure(key, p).values(a))
			}
		}
	})
	for i := range o.Arms {
		a := &o.Arms[i]
		for p, t := range o.File.Measure.From {
			if failed, _ := a.Failures(); len(failed) > 0 {
				break
			}
			for _, key := range []string{"atom_stability", "molecule_stability", "validity", "bond_w1", "angle_w1"} {
				line(a, key, figures[key].Unit, fmt.Sprintf("from the true state at t = %v", t), startedFigure(key, p).values(a))
			}
		}
	}
	for _, r := range o.Aligned {
		out.Write([]string{o.File.Name, o.Mode.String(), r.Arm, "align_time", "µs", fmt.Sprintf("N = %d", r.Atoms), number(1e6 * r.Seconds), "", "", "", ""})
	}
	for k, rung := range o.Rungs {
		for i := range rung.Arms {
			a := &rung.Arms[i]
			for _, key := range o.File.Figures {
				if failed, _ := a.Failures(); len(failed) == 0 {
					out.Write([]string{o.File.Name, o.Mode.String(), a.Name, key, figures[key].Unit, fmt.Sprintf("rung %d, %d steps", k+1, rung.Steps), number(figures[key].mean(a)), "", "", "", rung.Fate[i]})
				}
			}
		}
	}
	out.Flush()
	return out.Error()
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
