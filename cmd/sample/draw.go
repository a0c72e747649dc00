package main

import (
	"context"

	"equifm/cmd/internal/files"
	"equifm/cmd/internal/progress"
	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/molecule"
)

// drawing is a sample that is drawn and written in parts: a million molecules take no more
// memory than a few hundred, and what was drawn before an interrupt is not lost.
type drawing struct {
	m     *trained.Model
	how   trained.Options
	n     int       // molecules so far
	drawn int       // with those that were left out
	sum   ode.Stats // of all of them
	line  *progress.Line
}

// begin says what is begun.
func (d *drawing) begin(w wanted) {
	unit := " molecules"
	if w.any() {
		unit += " as asked for"
	} else {
		d.how.Told = d.line.Add
	}
	d.line.Begin("drawing:", unit, 0, float64(d.how.Number))
}

// partSize is how many molecules are drawn at a time: enough for every worker to have
// several shards.
func (d *drawing) partSize() int { return max(256, 32*d.how.Workers) }

// draw adds one part after the other. It ends before its time, without an error, where
// the context ends and there is something to keep.
func (d *drawing) draw(ctx context.Context, add files.Add) error {
	for d.n < d.how.Number {
		part := d.how
		part.First, part.Number = d.how.First+d.n, min(d.partSize(), d.how.Number-d.n)
		if part.Values != nil {
			part.Values = part.Values[d.n : d.n+part.Number]
		}
		molecules, stats, err := d.m.Sample(ctx, part)
		if err != nil && ctx.Err() != nil {
			return d.rest(part, molecules, add, err)
		}
		if err == nil {
			judged := d.m.Judge(molecules)
			for i, m := range molecules {
				files.Origin(m, &judged[i], d.m, d.how, part.First+i, stats.NFE)
			}
			err = add(molecules, judged)
		}
		if err != nil {
			return err
		}
		d.n += part.Number
		d.drawn = d.n
		d.line.Set(float64(d.n))
		d.sum.NFE += part.Number * stats.NFE
		d.sum.Steps += part.Number * stats.Steps
		d.sum.Rejected += part.Number * stats.Rejected
	}
	return nil
}

// rest adds those of a part that were done when the context ended, which are not nil. The
// error is why it ended, where nothing is kept at all.
func (d *drawing) rest(part trained.Options, molecules []*molecule.Molecule, add files.Add, err error) error {
	nfe := trained.Evaluations(part.Sample)
	for i, m := range molecules {
		if m == nil {
			continue
		}
		judged := d.m.Judge([]*molecule.Molecule{m})
		files.Origin(m, &judged[0], d.m, d.how, part.First+i, nfe)
		if err := add([]*molecule.Molecule{m}, judged); err != nil {
			return err
		}
		d.n++
		d.sum.NFE += nfe
		if d.how.Solver != flow.Dopri5 { // whose steps nobody knows beforehand
			d.sum.Steps += d.how.Steps
		}
	}
	if d.drawn = d.n; d.n > 0 {
		return nil
	}
	return err
}

// stats is what the mean molecule cost.
func (d *drawing) stats() ode.Stats {
	n := max(1, d.n)
	return ode.Stats{NFE: d.sum.NFE / n, Steps: d.sum.Steps / n, Rejected: d.sum.Rejected / n}
}
