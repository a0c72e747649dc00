package experiment

import (
	"fmt"
	"io"
	"math"
	"slices"
)

// sweep writes quality by evaluations of the network.
func (o *Outcome) sweep(w io.Writer) {
	if len(o.File.Measure.NFE) == 0 {
		return
	}
	for _, key := range o.sweepKeys() {
		f := figures[key]
		fmt.Fprintf(w, "## %s by evaluations of the network\n\n%d molecules each; Euler's method where no solver is said. %s.\n\n",
			upper(f.Title), o.File.Measure.Number, head(f))
		if v, ok := o.everywhere(key); ok {
			fmt.Fprintf(w, "It is %.*f everywhere.\n\n", f.Digits, v)
			continue
		}
		heads := []string{"arm"}
		for _, n := range o.File.Measure.NFE {
			heads = append(heads, fmt.Sprint(n))
		}
		row(w, heads...)
		row(w, rule(len(heads))...)
		o.eachSwept(func(a *Arm, label string, places []int) {
			cells := []string{label}
			for _, p := range places {
				cells = append(cells, cell(f, sweptFigure(key, p).values(a).Interval()))
			}
			row(w, cells...)
		})
		fmt.Fprintln(w)
		o.sweptAgainst(w, key)
	}
}

// sweptAgainst writes the differences from the reference at equal evaluations, in
// bold where something may be said.
func (o *Outcome) sweptAgainst(w io.Writer, key string) {
	reference := o.find(o.File.Reference)
	if reference == nil {
		return
	}
	if failed, _ := reference.Failures(); len(failed) > 0 {
		return
	}
	f := figures[key]
	fmt.Fprintf(w, "Against %s with as many evaluations, in pairs; in bold where the interval does not have 0 in it.\n\n", reference.Name)
	heads := []string{"arm"}
	for _, n := range o.File.Measure.NFE {
		heads = append(heads, fmt.Sprint(n))
	}
	row(w, heads...)
	row(w, rule(len(heads))...)
	o.eachSwept(func(a *Arm, label string, places []int) {
		if label == reference.Name || len(a.Results) != len(reference.Results) {
			return
		}
		cells := []string{label}
		for _, p := range places {
			same := slices.Index(o.File.Measure.NFE, a.Results[0].Sweep[p].NFE) // the reference's sample without noise
			d := sweptFigure(key, p).values(a).Minus(sweptFigure(key, same).values(reference)).Interval()
			text := signed(f, d)
			if w := word(d, f.Better, len(a.Results)); w != tooFew && w != equal {
				text = "**" + text + "**"
			}
			cells = append(cells, text)
		}
		row(w, cells...)
	})
	fmt.Fprintln(w)
}

// everywhere returns the one value that a figure has in all samples of a sweep; ok is
// false if it has several.
func (o *Outcome) everywhere(key string) (value float64, ok bool) {
	value, ok = math.NaN(), true
	o.eachSwept(func(a *Arm, _ string, places []int) {
		for _, p := range places {
			for _, v := range sweptFigure(key, p).values(a).Runs {
				if math.IsNaN(value) {
					value = v
				}
				ok = ok && v == value
			}
		}
	})
	return value, ok
}

// sweepKeys are the figures of a sweep: those of the table that are of molecules.
func (o *Outcome) sweepKeys() (keys []string) {
	for _, key := range o.File.Figures {
		if f := figures[key]; f.molecules != nil && f.needs == "" {
			keys = append(keys, key)
		}
	}
	return keys
}

// eachSwept calls f with the places of every arm's sweep that have a sample: once for
// the deterministic one, once for that with noise.
func (o *Outcome) eachSwept(f func(a *Arm, label string, places []int)) {
	for i := range o.Arms {
		a := &o.Arms[i]
		if failed, _ := a.Failures(); len(failed) > 0 {
			continue
		}
		for _, noise := range []bool{false, true} {
			if !noise && o.sameWeights(i) {
				continue
			}
			var places []int
			for p, s := range a.Results[0].Sweep {
				if s.Noise == noise && a.sampledAt(p) {
					places = append(places, p)
				}
			}
			label := a.Name
			if noise && len(places) > 0 {
				label += " (" + a.Results[0].Sweep[places[0]].Solver + ")"
			}
			if len(places) > 0 {
				f(a, label, places)
			}
		}
	}
}

// sameWeights says whether an arm differs from one before it in its sampling only.
func (o *Outcome) sameWeights(i int) bool {
	for k := range i {
		if identity(o.Arms[k].Config) == identity(o.Arms[i].Config) {
			return true
		}
	}
	return false
}

// sampledAt says whether every run has a sample at a place of the sweep.
func (a *Arm) sampledAt(place int) bool {
	for _, r := range a.Results {
		if r.Sweep[place].Failed != "" {
			return false
		}
	}
	return true
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
				x, y = append(x, math.Log(float64(q.Quality.NFE))), append(y, f.of(a, &Result{Quality: q.Quality}, nil))
				cpu += q.CPU / float64(q.Quality.NFE*len(q.Molecules)*len(places)*len(a.Results))
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
