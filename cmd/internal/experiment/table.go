package experiment

import (
	"fmt"
	"io"
	"math"
	"strings"

	"equifm/cmd/internal/bootstrap"
)

// Markdown writes the outcome for people: what was asked, what was done, every figure
// with its interval, and what may be said.
func (o *Outcome) Markdown(w io.Writer) {
	f := o.File
	fmt.Fprintf(w, "# %s\n\n%s\n\n", f.Title, f.Question)
	o.done(w)
	if len(f.Earlier) > 0 {
		o.earlier(w)
	}
	for k := range o.Rungs {
		o.rung(w, k)
	}
	o.arms(w)
	o.sweep(w)
	o.equalQuality(w)
	o.started(w)
	o.features(w)
	o.aligned(w)
	o.said(w)
}

func (o *Outcome) done(w io.Writer) {
	var training, sampling float64
	runs := 0
	count := func(arms []Arm) {
		for i := range arms {
			for _, r := range arms[i].Results {
				training += r.Training.CPU
				sampling += r.Quality.CPU
				for _, s := range r.Sweep {
					sampling += s.CPU
				}
				runs++
			}
		}
	}
	if len(o.Rungs) > 0 {
		for _, r := range o.Rungs {
			count(r.Arms)
		}
	} else {
		count(o.Arms)
	}
	c := o.File
	fmt.Fprintf(w, "`%s`: %s mode, seeds %s, %d runs, %.1f minutes of processor time in training and %.1f in sampling, other experiments' share in the same runs included.\n\n",
		o.Command, o.Mode, strings.Trim(fmt.Sprint(c.Seeds), "[]"), runs, training/60, sampling/60)
}

// arms writes the table of all arms by all figures.
func (o *Outcome) arms(w io.Writer) {
	if len(o.Arms) == 0 {
		return
	}
	keys := append([]string{}, o.File.Figures...)
	for _, always := range []string{"steps", "cpu"} {
		if !contains(keys, always) {
			keys = append(keys, always)
		}
	}
	fmt.Fprintf(w, "## The arms\n\nMeans over seeds with 95%% intervals, in the unit of the column.\n\n")
	heads := []string{"arm", "what"}
	for _, k := range keys {
		heads = append(heads, head(figures[k]))
	}
	row(w, heads...)
	row(w, rule(len(heads))...)
	for i := range o.Arms {
		a := &o.Arms[i]
		cells := []string{"**" + a.Name + "**", a.What}
		failed, why := a.Failures()
		for _, k := range keys {
			if len(failed) > 0 {
				cells = append(cells, fmt.Sprintf("failed with seeds %s: %s", strings.Trim(fmt.Sprint(failed), "[]"), why))
				break
			}
			cells = append(cells, cell(figures[k], figures[k].values(a).Interval()))
		}
		row(w, cells...)
	}
	fmt.Fprintln(w)
}

// sweep writes quality by evaluations of the network.
func (o *Outcome) sweep(w io.Writer) {
	if len(o.File.Measure.NFE) == 0 {
		return
	}
	for _, key := range o.sweepKeys() {
		f := figures[key]
		fmt.Fprintf(w, "## %s by evaluations of the network\n\n%d molecules each; Euler's method where nothing else is said. %s.\n\n",
			upper(f.Title), o.File.Measure.Number, head(f))
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
	}
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
				label += ", with noise (" + a.Results[0].Sweep[places[0]].Solver + ")"
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

func (o *Outcome) aligned(w io.Writer) {
	if len(o.Aligned) == 0 {
		return
	}
	fmt.Fprintf(w, "## The transport by itself\n\nµs of processor time a molecule, and what it leaves of the squared distance, Å² an atom; %d made-up molecules a size (even in a ball).\n\n", ballsTimed)
	heads := []string{"arm"}
	for _, n := range o.File.Measure.Alignment {
		heads = append(heads, fmt.Sprintf("N = %d", n))
	}
	row(w, heads...)
	row(w, rule(len(heads))...)
	for i := 0; i < len(o.Aligned); i += len(o.File.Measure.Alignment) {
		cells := []string{o.Aligned[i].Arm}
		for _, r := range o.Aligned[i : i+len(o.File.Measure.Alignment)] {
			cells = append(cells, fmt.Sprintf("%.0f µs, %.2f", 1e6*r.Seconds, r.Cost))
		}
		row(w, cells...)
	}
	fmt.Fprintln(w)
}

// said writes the verdicts.
func (o *Outcome) said(w io.Writer) {
	verdicts := o.verdicts()
	if len(verdicts) == 0 {
		return
	}
	fmt.Fprintf(w, "## What may be said\n\nDifferences with their 95%% intervals, in pairs: seed by seed, molecule by molecule. Where the interval has 0 in it, nothing is said. "+
		"Of %d comparisons, chance alone puts about %.0f outside.\n\n", len(verdicts), math.Ceil(0.05*float64(len(verdicts))))
	row(w, "arm", "against", "figure", "difference", "verdict")
	row(w, rule(5)...)
	for _, v := range verdicts {
		f := figures[v.Key]
		difference := "–"
		if v.Difference != (bootstrap.Interval{}) {
			difference = signed(f, v.Difference)
		}
		row(w, v.Arm, v.Against, head(f), difference, v.Text)
	}
	fmt.Fprintln(w)
}

func row(w io.Writer, cells ...string) {
	for i := range cells {
		cells[i] = strings.ReplaceAll(strings.ReplaceAll(cells[i], "|", "\\|"), "\n", " ")
	}
	fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | "))
}

func rule(n int) []string { return strings.Split(strings.Repeat("-,", n-1)+"-", ",") }

func head(f Figure) string {
	if f.Unit == "" {
		return f.Title
	}
	return f.Title + ", " + f.Unit
}

// cell spells a mean with its interval, or alone where it has none.
func cell(f Figure, i bootstrap.Interval) string {
	switch {
	case math.IsNaN(i.Mean):
		return "–"
	case math.IsNaN(i.Low):
		return fmt.Sprintf("%.*f [–]", f.Digits, i.Mean) // a draw of few molecules may have no bond at all
	case !finite(i) || i.Low == i.High:
		return fmt.Sprintf("%.*f", f.Digits, i.Mean)
	}
	return fmt.Sprintf("%.*f [%.*f, %.*f]", f.Digits, i.Mean, f.Digits, i.Low, f.Digits, i.High)
}

func signed(f Figure, i bootstrap.Interval) string {
	if !finite(i) {
		return "–"
	}
	return fmt.Sprintf("%+.*f [%+.*f, %+.*f]", f.Digits, i.Mean, f.Digits, i.Low, f.Digits, i.High)
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}
