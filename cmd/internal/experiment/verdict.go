package experiment

import (
	"fmt"
	"io"
	"math"

	"equifm/cmd/internal/bootstrap"
)

// Verdict is what may be said of an arm against another by one figure.
type Verdict struct {
	Arm, Against string
	Key          string
	Difference   bootstrap.Interval // of the arm from the other, seed by seed, molecule by molecule
	Text         string
}

// What is said where the interval has 0 in it, or seeds are missing; and where all is the same.
const (
	tooFew = "too few to judge"
	equal  = "equal"
)

// fewestSeeds is how many a conclusion needs.
const fewestSeeds = 5

// compare judges an arm against another by the difference's interval.
func compare(a, b *Arm, key string) Verdict {
	v := Verdict{Arm: a.Name, Against: b.Name, Key: key}
	f := figures[key]
	if seeds, _ := a.Failures(); len(seeds) > 0 {
		v.Text = fmt.Sprintf("failed with %d of %d seeds", len(seeds), len(a.Results))
		return v
	}
	if seeds, _ := b.Failures(); len(seeds) > 0 || len(a.Results) != len(b.Results) {
		v.Text = tooFew
		return v
	}
	if x, y := a.Config.Data, b.Config.Data; x.Source != y.Source || x.Atoms != y.Atoms {
		v.Text = "of other data: does not compare"
		return v
	}
	if f.ofTargets && (a.Config.EOT != b.Config.EOT || a.Config.Path != b.Config.Path) {
		v.Text = "of other targets: does not compare"
		return v
	}
	v.Difference = f.values(a).Minus(f.values(b)).Interval()
	v.Text = word(v.Difference, f.Better, len(a.Results))
	return v
}

// word says what an interval of a difference allows to say.
func word(d bootstrap.Interval, better, seeds int) string {
	switch {
	case d == bootstrap.Interval{}:
		return equal
	case !finite(d) || !d.Excludes(0) || seeds < fewestSeeds:
		return tooFew
	case better == 0 && d.Mean > 0:
		return "more"
	case better == 0:
		return "less"
	case (d.Mean > 0) == (better > 0):
		return "better"
	}
	return "worse"
}

// verdicts compares every arm with its reference, by every figure.
func (o *Outcome) verdicts() (all []Verdict) {
	for i := range o.Arms {
		other := o.against(i)
		if other == nil {
			continue
		}
		for _, key := range o.File.Figures {
			all = append(all, compare(&o.Arms[i], other, key))
		}
	}
	return all
}

// against returns the arm that one is compared with, nil for the reference itself.
func (o *Outcome) against(i int) *Arm {
	if base := o.Arms[i].EqualTo; base != "" {
		return o.find(o.File.Reference)
	}
	if other := o.Arms[i].Against; other != "" {
		return o.find(other)
	}
	if o.File.Chain {
		if i == 0 {
			return nil
		}
		return &o.Arms[i-1]
	}
	if o.Arms[i].Name == o.File.Reference {
		return nil
	}
	return o.find(o.File.Reference)
}

func (o *Outcome) find(name string) *Arm {
	for i := range o.Arms {
		if o.Arms[i].Name == name {
			return &o.Arms[i]
		}
	}
	return nil
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
		if v.Difference != (bootstrap.Interval{}) { // nothing was compared, or it is the same to the bit
			difference = signed(f, v.Difference)
		}
		row(w, v.Arm, v.Against, head(f), difference, v.Text)
	}
	fmt.Fprintln(w)
}
