package experiment

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// Halving is successive halving (Jamieson and Talwalkar 2016, arXiv 1502.07943): all
// arms short, the better ones longer. Each rung trains anew, since a learning rate
// that falls to 0 at the end is another one for another length. The reference goes on
// whatever its place, for the end to be held against.
type Halving struct {
	Rungs []RungSize `toml:"rungs"`
}

// RungSize is one rung.
type RungSize struct {
	Steps int `toml:"steps"` // train.steps of its runs
	Seeds int `toml:"seeds"` // the first so many of the file's
	Keep  int `toml:"keep"`  // arms that go on; the last rung keeps what it has
}

func (h Halving) check(f *File) error {
	for i, r := range h.Rungs {
		last := i == len(h.Rungs)-1
		if r.Steps < 1 || r.Seeds < 1 || r.Seeds > len(f.Seeds) || r.Keep < 1 && !last || i > 0 && r.Steps <= h.Rungs[i-1].Steps {
			return f.at("halving.rungs", fmt.Sprintf("halving.rungs: rung %d has steps = %d, seeds = %d, keep = %d; expected more steps than the rung before, 1 to %d seeds, at least one arm kept",
				i+1, r.Steps, r.Seeds, r.Keep, len(f.Seeds)))
		}
	}
	return nil
}

// Trial is an arm of an earlier search, of which only figures are left.
type Trial struct {
	Name    string             `toml:"name"`
	What    string             `toml:"what"`
	Figures map[string]float64 `toml:"figures"`
	Fate    string             `toml:"fate"`
}

// Rung is one rung that was run.
type Rung struct {
	RungSize
	Arms []Arm    // the best first, the failed last
	Fate []string // of each
}

// halve runs the rungs. The last one's arms are the outcome's.
func (l *Lab) halve(ctx context.Context, o *Outcome) error {
	var arms []Arm
	for i := range o.File.Arms {
		a, err := o.File.newArm(i, o.Mode)
		if err != nil {
			return err
		}
		arms = append(arms, a)
	}
	seeds := o.File.Seeds
	for k, size := range o.File.Halving.Rungs {
		arms = lengthened(arms, size.Steps)
		if err := l.perform(ctx, o.File, jobs(arms, seeds[:size.Seeds])); err != nil {
			return err
		}
		rung := ranked(arms, size, o.File.Figures[0], o.File.Reference, k == len(o.File.Halving.Rungs)-1)
		o.Rungs = append(o.Rungs, rung)
		if k == len(o.File.Halving.Rungs)-1 {
			o.Arms = rung.Arms
		}
		if arms = survivors(rung); len(arms) == 0 {
			break
		}
	}
	return nil
}

// lengthened returns arms without runs, of so many steps; the warm-up and the
// cool-down keep their shares.
func lengthened(arms []Arm, steps int) (longer []Arm) {
	for _, a := range arms {
		a.Results = nil
		t := &a.Config.Train
		share := float64(steps) / float64(t.Steps)
		t.Warmup, t.Cooldown = int(math.Round(share*float64(t.Warmup))), int(math.Round(share*float64(t.Cooldown)))
		t.Steps = steps
		longer = append(longer, a)
	}
	return longer
}

// ranked sorts the arms of a rung by a figure's mean and says what becomes of each.
func ranked(arms []Arm, size RungSize, key, reference string, last bool) Rung {
	r := Rung{RungSize: size, Arms: slices.Clone(arms)}
	better := float64(figures[key].Better)
	score := func(a *Arm) float64 { // less is better
		if failed, _ := a.Failures(); len(failed) > 0 {
			return math.Inf(1)
		}
		v := -better * figures[key].mean(a)
		if math.IsNaN(v) {
			return math.Inf(1)
		}
		return v
	}
	slices.SortStableFunc(r.Arms, func(a, b Arm) int { return cmp.Compare(score(&a), score(&b)) })
	for i := range r.Arms {
		_, why := r.Arms[i].Failures()
		switch {
		case why != "":
			r.Fate = append(r.Fate, "failed: "+why)
		case last:
			r.Fate = append(r.Fate, "at the end")
		case i < size.Keep && !math.IsInf(score(&r.Arms[i]), 1):
			r.Fate = append(r.Fate, goesOn)
		case r.Arms[i].Name == reference:
			r.Fate = append(r.Fate, goesOn+", as the reference")
		default:
			r.Fate = append(r.Fate, "out")
		}
	}
	return r
}

const goesOn = "goes on"

// survivors returns the arms of a rung that go on, without their runs.
func survivors(r Rung) (arms []Arm) {
	for i, a := range r.Arms {
		if strings.HasPrefix(r.Fate[i], goesOn) {
			a.Results = nil
			arms = append(arms, a)
		}
	}
	return arms
}

// mean is a figure's over the runs of an arm.
func (f Figure) mean(a *Arm) (m float64) {
	for i := range a.Results {
		m += f.Scale * f.of(a, &a.Results[i], nil) / float64(len(a.Results))
	}
	return m
}

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
