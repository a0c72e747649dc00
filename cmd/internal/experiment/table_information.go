package experiment

import (
	"fmt"
	"io"
	"math"

	"equifm/cmd/internal/bootstrap"
	"equifm/cmd/internal/measure"
	"equifm/cmd/internal/run"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow/information"
)

// Told is how much the states of an arm's path tell of the data, whatever is trained.
type Told struct {
	Arm string
	measure.Curves
}

// tell takes the curves of every arm's path, and tries estimators where that is asked.
func (l *Lab) tell(o *Outcome) error {
	m := o.File.Measure
	if len(m.Information) == 0 && m.Estimators == 0 || len(o.Arms) == 0 {
		return nil
	}
	for i := range o.Arms {
		a := &o.Arms[i]
		if len(m.Information) == 0 || o.sameWeights(i) {
			continue
		}
		set, reference, err := l.data(a.Config)
		if err != nil {
			return err
		}
		c, err := stored(l.Dir, "curves", fmt.Sprintf("%v %+v %v", a.Config.Path, a.Config.Data, m.Information), func() (c measure.Curves, err error) {
			free := a.Config // a property plays no part
			free.Condition = config.Condition{}
			examples, err := run.HeldOut(set, &trained.Model{Config: free}, 1000)
			if err != nil {
				return c, err
			}
			return reference.Source.Curves(a.Config.FlowPath(), examples, m.Information, 1)
		})
		if err != nil {
			return err
		}
		o.Told = append(o.Told, Told{a.Name, c})
	}
	if m.Estimators == 0 {
		return nil
	}
	a := &o.Arms[0]
	e, err := stored(l.Dir, "estimators", fmt.Sprintf("%d %+v", m.Estimators, a.Config.Data), func() (measure.Estimators, error) {
		return a.Reference.Source.TryEstimators(m.Estimators)
	})
	o.Tried = &e
	return err
}

// told writes the curves as tables.
func (o *Outcome) told(w io.Writer) {
	if len(o.Told) == 0 {
		return
	}
	fmt.Fprintf(w, `## How much states tell of the data

Nat an atom, ± the standard error, with noise that is independent of the data unless said. Gaussian: positions by the closed form, of Gaussians of
the data's variance and not finer than %v Å: from above. Types, types and Z: features of an atom by itself by quadrature, without and with the channel
of Z; by draws and by nearest neighbours they should be the latter. Axis: one axis of one atom by nearest neighbours, as is and with noise after its
transport (eot.mode = "both"), for which nothing else here holds. Network: ½∫ error ds of the models' guesses of both together, mean over seeds: a
network errs at least as much as the best guess, so these are from above.

`, measure.Resolution)
	for _, t := range o.Told {
		fmt.Fprintf(w, "### %s\n\n", t.Arm)
		heads := []string{"t", "x: Gaussian", "x: network", "axis", "axis, transport", "h: types", "h: types and Z", "by draws", "by neighbours", "h: network"}
		row(w, heads...)
		row(w, rule(len(heads))...)
		x, h := o.learned(t.Arm)
		for k, at := range t.Times {
			row(w, fmt.Sprintf("%.3g", at), fmt.Sprintf("%.3f", t.Positions[k]), nat(x, k), estimated(t.Axis, k), estimated(t.Moved, k),
				fmt.Sprintf("%.3f", t.Types[k]), fmt.Sprintf("%.3f", t.Kinds[k]), estimated(t.Drawn, k), estimated(t.Near, k), nat(h, k))
		}
		fmt.Fprintln(w)
	}
}

func estimated(e []information.Estimate, k int) string {
	if k >= len(e) {
		return "–"
	}
	return fmt.Sprintf("%.3f ± %.3f", e[k].Value, e[k].Error)
}

func nat(v []bootstrap.Interval, k int) string {
	if k >= len(v) {
		return "–"
	}
	return cell(Figure{Digits: 3}, v[k])
}

// learned returns an arm's information by its models, by time, with intervals over seeds.
func (o *Outcome) learned(arm string) (x, h []bootstrap.Interval) {
	a := o.find(arm)
	if failed, _ := a.Failures(); len(failed) > 0 {
		return nil, nil
	}
	for k := range o.File.Measure.Information {
		var ofX, ofH bootstrap.Values
		for _, r := range a.Results {
			ofX.Runs, ofH.Runs = append(ofX.Runs, r.Learned.X[k+1].Value), append(ofH.Runs, r.Learned.H[k+1].Value)
		}
		x, h = append(x, ofX.Interval()), append(h, ofH.Interval())
	}
	return x, h
}

// tried writes how estimators do where information is known.
func (o *Outcome) tried(w io.Writer) {
	if o.Tried == nil {
		return
	}
	fmt.Fprintf(w, "## Estimators where the information is known\n\n%d trials each, nat. The error said is the standard error that an estimator gives itself.\n\n", o.File.Measure.Estimators)
	heads := []string{"case", "estimator", "known", "bias", "bias, % of it", "spread", "error said"}
	row(w, heads...)
	row(w, rule(len(heads))...)
	for _, t := range o.Tried.Trials {
		said := "–"
		if t.Said > 0 && !math.IsNaN(t.Said) {
			said = fmt.Sprintf("%.4f", t.Said)
		}
		row(w, t.Case, t.Estimator, fmt.Sprintf("%.4f", t.Known), fmt.Sprintf("%+.4f ± %.4f", t.Bias, t.BiasError), fmt.Sprintf("%+.1f", 100*t.Bias/t.Known),
			fmt.Sprintf("%.4f", t.Spread), said)
	}
	fmt.Fprintf(w, "\n### The schedule that one would choose\n\nThat by which an atom's features tell more at an even rate, chosen by each estimator's curve. How far from even it is by the true one, at most.\n\n")
	row(w, "by", "unevenness, % of all")
	row(w, rule(2)...)
	for _, c := range o.Tried.Chosen {
		text := fmt.Sprintf("%.1f", 100*c.Unevenness)
		if c.Error > 0 {
			text += fmt.Sprintf(" ± %.1f", 100*c.Error)
		}
		row(w, c.Estimator, text)
	}
	fmt.Fprintln(w)
}
