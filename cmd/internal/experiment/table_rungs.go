package experiment

import (
	"fmt"
	"io"
	"maps"
	"slices"
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
	fmt.Fprintf(w, "## Rung %d: %d steps, seeds %s\n\n", k+1, r.Steps, spaced(seeds))
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
