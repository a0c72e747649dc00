package experiment

import (
	"fmt"
	"io"

	"equifm/cmd/internal/measure"
)

// StepRow is what a training step takes by the size of molecules.
type StepRow struct {
	Arm   string
	Atoms int
	measure.Step
}

// step measures a training step of the reference's network at the file's sizes.
func (l *Lab) step(o *Outcome) error {
	a := o.find(o.File.Reference)
	if a == nil {
		return nil
	}
	for _, n := range o.File.Measure.Training {
		s, err := stored(l.Dir, "step", fmt.Sprintf("%s\n%d", essence(a.Config), n), func() (measure.Step, error) {
			return measure.TrainingStep(a.Config, n, l.clock)
		})
		if err != nil {
			return fmt.Errorf("a step of molecules of %d atoms: %w", n, err)
		}
		o.Steps = append(o.Steps, StepRow{a.Name, n, s})
	}
	return nil
}

// steps writes what a training step takes.
func (o *Outcome) steps(w io.Writer) {
	if len(o.Steps) == 0 {
		return
	}
	c := o.find(o.Steps[0].Arm).Config.Network
	fmt.Fprintf(w, "## One training step by size\n\nOf one built molecule, by the network of %s (%d channels, %d of pairs, %d layers): ms of processor time for the gradient and for the whole step, "+
		"with the optimiser and the average; MiB that the training holds with them, after the garbage collector. Beside them ms for a transport of both kinds, which training in this arm need not have, "+
		"and what it leaves of the squared distance, Å² an atom.\n\n", o.Steps[0].Arm, c.Hidden, c.Edge, c.Layers)
	row(w, "N", "ordered pairs", "gradient, ms", "step, ms", "held, MiB", "transport, ms", "left, Å²")
	row(w, rule(7)...)
	for _, r := range o.Steps {
		row(w, fmt.Sprint(r.Atoms), fmt.Sprint(r.Atoms*(r.Atoms-1)), fmt.Sprintf("%.2f", 1000*r.Gradient), fmt.Sprintf("%.2f", 1000*r.Total),
			fmt.Sprintf("%.1f", r.Bytes/(1<<20)), fmt.Sprintf("%.3f", 1000*r.Transport), fmt.Sprintf("%.2f", r.Left))
	}
	fmt.Fprintln(w)
}
