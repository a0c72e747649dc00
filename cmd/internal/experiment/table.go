package experiment

import (
	"fmt"
	"io"
	"math"
	"slices"
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
	o.bounds(w)
	o.heldByTime(w)
	o.sizes(w)
	o.sweep(w)
	o.equalQuality(w)
	o.started(w)
	o.features(w)
	o.aligned(w)
	o.told(w)
	o.tried(w)
	o.correlated(w)
	o.costs(w)
	o.steps(w)
	o.said(w)
}

// done says what was done, and what it took.
func (o *Outcome) done(w io.Writer) {
	arms := o.Arms
	if len(o.Rungs) > 0 {
		arms = nil
		for _, r := range o.Rungs {
			arms = append(arms, r.Arms...)
		}
	}
	var training, sampling float64
	runs := 0
	for i := range arms {
		for _, r := range arms[i].Results {
			runs++
			training += r.Training.CPU
			sampling += r.Quality.CPU
			for _, s := range r.Sweep {
				sampling += s.CPU
			}
			for _, s := range r.BySize {
				sampling += s.CPU
			}
		}
	}
	fmt.Fprintf(w, "`%s`: %s mode, seeds %s, %d runs, %.1f minutes of processor time in training and %.1f in sampling, in which runs that other experiments share count too.\n\n",
		o.Command, o.Mode, spaced(o.File.Seeds), runs, training/60, sampling/60)
}

// spaced spells numbers with spaces between.
func spaced[T any](values []T) string { return strings.Trim(fmt.Sprint(values), "[]") }

// arms writes the table of all arms by all figures.
func (o *Outcome) arms(w io.Writer) {
	if len(o.Arms) == 0 {
		return
	}
	keys := slices.Clone(o.File.Figures)
	for _, always := range []string{"steps", "cpu"} {
		if !slices.Contains(keys, always) {
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
				cells = append(cells, fmt.Sprintf("failed with seeds %s: %s", spaced(failed), why))
				break
			}
			cells = append(cells, cell(figures[k], figures[k].values(a).Interval()))
		}
		row(w, cells...)
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
	if !finite(i) || math.IsNaN(i.Low) {
		return "–"
	}
	return fmt.Sprintf("%+.*f [%+.*f, %+.*f]", f.Digits, i.Mean, f.Digits, i.Low, f.Digits, i.High)
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
