package experiment

import (
	"context"
	"fmt"
	"io"

	"equifm/cmd/internal/measure"
)

// aligned writes what the transport takes by itself.
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

// CostRow is what one evaluation of an arm's network takes by the size of molecules.
type CostRow struct {
	Arm     string
	Atoms   int
	Seconds float64 // of processor time, a molecule
	NFE     int     // of the arm's own sample
}

// cost times one evaluation of each arm's network, of its first run, at the file's sizes.
func (l *Lab) cost(ctx context.Context, o *Outcome) error {
	for i := range o.Arms {
		a := &o.Arms[i]
		if failed, _ := a.Failures(); len(failed) > 0 || len(o.File.Measure.Evaluation) == 0 {
			continue
		}
		c := a.Config
		c.Seed = a.Results[0].Seed
		s, err := l.subject(c)
		if err != nil {
			return err
		}
		for _, n := range o.File.Measure.Evaluation {
			seconds, err := stored(s.dir, "evaluation", fmt.Sprint(n), func() (float64, error) {
				r, err := s.train(ctx)
				if err != nil {
					return 0, err
				}
				return measure.Evaluation(ctx, r.Model, n, l.clock)
			})
			if err != nil {
				s.close()
				return fmt.Errorf("arm %s at %d atoms: %w", a.Name, n, err)
			}
			o.Costs = append(o.Costs, CostRow{a.Name, n, seconds, a.Results[0].Quality.NFE})
		}
		s.close()
	}
	return nil
}

// costs writes what an evaluation takes, and a molecule by the arm's own sampler.
func (o *Outcome) costs(w io.Writer) {
	if len(o.Costs) == 0 {
		return
	}
	fmt.Fprintf(w, "## One evaluation by size\n\nms of processor time a molecule; behind it, s for a whole molecule by the arm's own sampler.\n\n")
	sizes := o.File.Measure.Evaluation
	heads := []string{"arm", "NFE"}
	for _, n := range sizes {
		heads = append(heads, fmt.Sprintf("N = %d", n))
	}
	row(w, heads...)
	row(w, rule(len(heads))...)
	for i := 0; i < len(o.Costs); i += len(sizes) {
		cells := []string{o.Costs[i].Arm, fmt.Sprint(o.Costs[i].NFE)}
		for _, r := range o.Costs[i : i+len(sizes)] {
			cells = append(cells, fmt.Sprintf("%.3f, %.3f", 1000*r.Seconds, r.Seconds*float64(r.NFE)))
		}
		row(w, cells...)
	}
	fmt.Fprintln(w)
}
