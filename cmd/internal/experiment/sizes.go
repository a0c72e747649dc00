package experiment

import (
	"context"
	"fmt"
	"io"
	"slices"

	"equifm/cmd/internal/measure"
)

// expectedSizes is what numbers of atoms in a file have to be.
const expectedSizes = "rising numbers of atoms, 1 to 1,000"

func goodSizes(sizes []int) bool {
	for i, n := range sizes {
		if n < 1 || n > 1000 || i > 0 && n <= sizes[i-1] {
			return false
		}
	}
	return true
}

// armSizes returns an arm's own sizes, nil where it has none; ok is false for what is no
// list of them.
func armSizes(arm Keys) (sizes []int, ok bool) {
	value, there := arm["sizes"]
	if !there {
		return nil, true
	}
	list, ok := value.([]any)
	for _, v := range list {
		n, whole := v.(int64)
		sizes, ok = append(sizes, int(n)), ok && whole
	}
	return sizes, ok && len(sizes) > 0 && goodSizes(sizes)
}

// bySize samples molecules of each size by the arm's own sampler, as many as a sweep has.
// A sample that left the numbers is kept as failed.
func (s *subject) bySize(ctx context.Context, m Measure) (samples []measure.Quality, err error) {
	how := s.config.Sample
	how.Number = m.Number
	for _, n := range m.Sizes {
		q, err := s.sample(ctx, how, n)
		if err != nil {
			return nil, err
		}
		samples = append(samples, q)
	}
	return samples, nil
}

// eachSized calls f with every arm that has samples of all its sizes, of every seed.
func (o *Outcome) eachSized(f func(a *Arm)) {
	for i := range o.Arms {
		if a := &o.Arms[i]; len(a.Sizes) > 0 && a.sized() {
			f(a)
		}
	}
}

func (a *Arm) sized() bool {
	for _, r := range a.Results {
		if r.Failed() != "" || slices.ContainsFunc(r.BySize, func(q measure.Quality) bool { return q.Failed != "" }) {
			return false
		}
	}
	return true
}

// sizesOf lists the different lists of sizes that arms have, in their order.
func (o *Outcome) sizesOf() (lists [][]int) {
	o.eachSized(func(a *Arm) {
		if !slices.ContainsFunc(lists, func(l []int) bool { return slices.Equal(l, a.Sizes) }) {
			lists = append(lists, a.Sizes)
		}
	})
	return lists
}

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
