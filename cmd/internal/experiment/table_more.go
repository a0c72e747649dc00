package experiment

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// earlier writes the trials that a search begins with.
func (o *Outcome) earlier(w io.Writer) {
	fmt.Fprintf(w, "## Earlier trials\n\nFigures as they were noted then: other sizes, other sets, one seed each; they decide nothing here.\n\n")
	var keys []string
	for _, t := range o.File.Earlier {
		for _, k := range slices.Sorted(maps.Keys(t.Figures)) {
			if !slices.Contains(keys, k) {
				keys = append(keys, k)
			}
		}
	}
	heads := append([]string{"trial", "what"}, keys...)
	row(w, append(heads, "what became of it")...)
	row(w, rule(len(heads)+1)...)
	for _, t := range o.File.Earlier {
		cells := []string{t.Name, t.What}
		for _, k := range keys {
			if v, ok := t.Figures[k]; ok {
				cells = append(cells, fmt.Sprint(v))
			} else {
				cells = append(cells, "–")
			}
		}
		row(w, append(cells, t.Fate)...)
	}
	fmt.Fprintln(w)
}

// rung writes one rung of a search, the best arm first.
func (o *Outcome) rung(w io.Writer, k int) {
	r := o.Rungs[k]
	seeds := o.File.Seeds[:r.Seeds]
	fmt.Fprintf(w, "## Rung %d: %d steps, seeds %s\n\n", k+1, r.Steps, strings.Trim(fmt.Sprint(seeds), "[]"))
	heads := []string{"arm", "what"}
	for _, key := range o.File.Figures {
		heads = append(heads, head(figures[key]))
	}
	heads = append(heads, "processor time, s", "fate")
	row(w, heads...)
	row(w, rule(len(heads))...)
	for i := range r.Arms {
		a := &r.Arms[i]
		cells := []string{a.Name, a.What}
		failed, _ := a.Failures()
		for _, key := range o.File.Figures {
			text := "–"
			if len(failed) == 0 {
				text = fmt.Sprintf("%.*f", figures[key].Digits, figures[key].mean(a))
			}
			cells = append(cells, text)
		}
		row(w, append(cells, fmt.Sprintf("%.1f", meanCPU(a)), r.Fate[i])...)
	}
	fmt.Fprintln(w)
}

// equalQuality writes how many evaluations an arm needs for what the reference has in
// the end.
func (o *Outcome) equalQuality(w io.Writer) {
	reference := o.find(o.File.Reference)
	if len(o.File.Measure.NFE) < 2 || reference == nil {
		return
	}
	if failed, _ := reference.Failures(); len(failed) > 0 {
		return
	}
	key := o.File.Figures[0]
	f := figures[key]
	if f.Better == 0 || !slices.Contains(o.sweepKeys(), key) {
		return
	}
	last := len(o.File.Measure.NFE) - 1
	most := o.File.Measure.NFE[last]
	const slack = 1.05
	fmt.Fprintf(w, "## Evaluations to equal quality\n\nThe fewest evaluations with which a seed's sample is within 5%% of what %s has with %d in %s, between the measured numbers by straight lines in their logarithm, and the sampling time that goes with them. Median over seeds; seeds that never are count as more than any.\n\n",
		reference.Name, most, f.Title)
	row(w, "arm", "evaluations", "seconds of processor time per 1,000 molecules", "seeds that are")
	row(w, rule(4)...)
	o.eachSwept(func(a *Arm, label string, places []int) {
		var needed []float64
		reached := 0
		var cpu float64 // of one evaluation of one molecule
		for s := range a.Results {
			target := f.of(reference, &Result{Quality: reference.Results[s].Sweep[last].Quality}, nil) * math.Pow(slack, -float64(f.Better))
			var x, y []float64
			for _, p := range places {
				q := a.Results[s].Sweep[p]
				x, y = append(x, math.Log(float64(q.NFE))), append(y, f.of(a, &Result{Quality: q.Quality}, nil))
				cpu += q.CPU / float64(q.NFE*len(q.Molecules)*len(places)*len(a.Results))
			}
			at := crossing(x, y, target, float64(f.Better))
			needed = append(needed, math.Exp(at))
			if !math.IsInf(at, 1) {
				reached++
			}
		}
		slices.Sort(needed)
		nfe, seconds := "–", "–"
		if median := needed[len(needed)/2]; !math.IsInf(median, 1) {
			nfe, seconds = fmt.Sprintf("%.0f", median), fmt.Sprintf("%.1f", 1000*median*cpu)
		}
		row(w, label, nfe, seconds, fmt.Sprintf("%d of %d", reached, len(needed)))
	})
	fmt.Fprintln(w)
}

// crossing returns the first x at which a polygon is at least as good as a target,
// +Inf if it never is.
func crossing(x, y []float64, target, better float64) float64 {
	for i := range x {
		gap := better * (y[i] - target)
		if gap < 0 || math.IsNaN(gap) {
			continue
		}
		if i == 0 {
			return x[0]
		}
		before := better * (y[i-1] - target)
		if math.IsNaN(before) {
			return x[i]
		}
		return x[i-1] + (x[i]-x[i-1])*before/(before-gap)
	}
	return math.Inf(1)
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
		if failed, _ := a.Failures(); len(failed) > 0 {
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
