package experiment

import (
	"fmt"
	"io"

	"equifm/flow"
)

// heldByTime writes the held-out loss by tenths of t.
func (o *Outcome) heldByTime(w io.Writer) {
	if len(o.Arms) == 0 || o.Arms[0].Results[0].Training.Held.Loss == 0 {
		return
	}
	fmt.Fprintf(w, "## Held-out loss by t\n\nOf coordinates, Å², and of features, by tenths of t; means over seeds. Losses of arms with another transport or another path are of other targets, and do not compare.\n\n")
	heads := []string{"arm", "of"}
	for k := range flow.TimeBins {
		heads = append(heads, fmt.Sprintf("%.1f to %.1f", float64(k)/flow.TimeBins, float64(k+1)/flow.TimeBins))
	}
	row(w, heads...)
	row(w, rule(len(heads))...)
	for i := range o.Arms {
		a := &o.Arms[i]
		if failed, _ := a.Failures(); len(failed) > 0 || o.sameWeights(i) {
			continue
		}
		for _, part := range []string{"x", "h"} {
			cells := []string{a.Name, part}
			for k := range flow.TimeBins {
				cells = append(cells, fmt.Sprintf("%.4f", heldAt(part, k).mean(a)))
			}
			row(w, cells...)
		}
	}
	fmt.Fprintln(w)
}

// heldAt is the held-out loss of x or h in one tenth of t.
func heldAt(part string, tenth int) Figure {
	return Figure{Scale: 1, of: func(_ *Arm, r *Result, _ []int) float64 {
		if part == "x" {
			return r.Training.Held.XByT[tenth]
		}
		return r.Training.Held.HByT[tenth]
	}}
}

// started writes what becomes of states whose truth is known.
func (o *Outcome) started(w io.Writer) {
	times := o.File.Measure.From
	if len(times) == 0 {
		return
	}
	fmt.Fprintf(w, "## From the true state at t\n\n%d held-out molecules, integrated from where the path has them at t, with the arm's own solver. Stable atoms, %% / bonds, mÅ / elements that come out right, %%.\n\n", o.File.Measure.Number)
	heads := []string{"arm"}
	for _, t := range times {
		heads = append(heads, fmt.Sprintf("t = %v", t))
	}
	row(w, heads...)
	row(w, rule(len(heads))...)
	for i := range o.Arms {
		a := &o.Arms[i]
		if failed, _ := a.Failures(); len(failed) > 0 {
			continue
		}
		cells := []string{a.Name}
		for p := range times {
			stable, bonds := startedFigure("atom_stability", p), startedFigure("bond_w1", p)
			types := Figure{Scale: 1, of: func(_ *Arm, r *Result, _ []int) float64 { return r.Diagnosis.From[p].RightTypes }}
			cells = append(cells, fmt.Sprintf("%.1f / %.1f / %.1f", stable.mean(a), bonds.mean(a), types.mean(a)))
		}
		row(w, cells...)
	}
	fmt.Fprintln(w)
}

// features writes the mean of ĥ₀ over the data's by t.
func (o *Outcome) features(w io.Writer) {
	if len(o.File.Measure.From) == 0 {
		return
	}
	fmt.Fprintf(w, "## What the network takes the elements for\n\nThe mean of ĥ₀ over that of the data, at the true state at t; 1 is right. Means over seeds.\n\n")
	heads := []string{"arm", "channel"}
	for _, t := range featureTimes {
		heads = append(heads, fmt.Sprintf("t = %v", t))
	}
	row(w, heads...)
	row(w, rule(len(heads))...)
	for i := range o.Arms {
		a := &o.Arms[i]
		if failed, _ := a.Failures(); len(failed) > 0 || o.sameWeights(i) {
			continue
		}
		for c, name := range channelNames(a.Config.Vocabulary()) {
			cells, any := []string{a.Name, name}, false
			for t := range featureTimes {
				ratio := Figure{Scale: 1, of: func(_ *Arm, r *Result, _ []int) float64 { return r.Diagnosis.Features[t].Ratio[c] }}.mean(a)
				any = any || ratio != 0
				cells = append(cells, fmt.Sprintf("%.2f", ratio))
			}
			if any { // the data may not have it
				row(w, cells...)
			}
		}
	}
	fmt.Fprintln(w)
}
