package run

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"equifm/cmd/internal/device"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/report"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/molecule"
	"equifm/molecule/metrics"
	"equifm/nn/parallel"
)

// Outcome is a run's sample and what it is worth.
type Outcome struct {
	How       trained.Options // it was drawn by
	Molecules []*molecule.Molecule
	Judged    []metrics.Judgement
	Report    report.Report
	Sample    *report.Evaluation
	Data      *report.Evaluation // of the molecules that were learned from
}

// Finish samples molecules, judges them against the training set, and writes both. Of
// several ranks each samples and judges a part, and the first writes. When ctx ends, it goes
// on with the molecules that are done, and returns a *Cut in the end.
func (r *Run) Finish(ctx context.Context) error {
	s, start := r.Config.Sample, time.Now()
	o := trained.Options{Sample: s, Seed: r.Config.Seed, Workers: r.Workers, Ranks: r.Ranks}
	if r.Device != nil {
		net, err := r.Device.Network(r.Model.Field)
		if err != nil {
			return err
		}
		o.Net, o.Together = net, device.Together
	}
	r.line.Begin("sampling:", " molecules", 0, float64(s.Number))
	o.Told = r.line.Add
	molecules, stats, err := r.Model.Sample(ctx, o)
	r.line.End()
	molecules, index, cut := done(molecules)
	if err != nil && (ctx.Err() == nil || len(molecules) == 0) {
		return err
	}
	if cut > 0 {
		stats.NFE = trained.Evaluations(s)
		if s.Solver != flow.Dopri5 { // whose steps nobody knows beforehand
			stats.Steps = s.Steps
		}
	}
	seconds := time.Since(start).Seconds()
	fmt.Fprintf(r.screen, "\n%d molecules sampled in %.1f s: %s, %d evaluations of the network each, seed %d\n\n",
		len(molecules), seconds, s.Solver, stats.NFE, r.Config.Seed)
	is := Outcome{How: o, Molecules: molecules}
	if err := r.judge(&is); err != nil {
		return err
	}
	if !parallel.Leads(r.Ranks) {
		return nil
	}
	is.Report.Sampling = &report.Sampling{Step: r.Trainer.Steps, Seed: r.Config.Seed, Solver: s.Solver.String(),
		NFE: stats.NFE, Steps: stats.Steps, Rejected: stats.Rejected, Seconds: seconds}
	r.worth = &is.Report
	out := r.out()
	is.Report.Table(out)
	for i, m := range molecules {
		files.Origin(m, &is.Judged[i], r.Model, o, index[i], stats.NFE)
	}
	for _, name := range reports { // of another sample
		if err := os.Remove(r.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := r.write(&is); err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s: the molecules are in samples.sdf, .xyz and .svg, the figures in metrics.json\n", r.Dir)
	if cut > 0 {
		return errors.Join(&Cut{len(molecules), cut, r.Dir}, r.heard(out))
	}
	if r.Show != nil {
		if err := r.Show(ctx, r, &is); err != nil {
			if ctx.Err() != nil {
				err = fmt.Errorf("the report is not written, the sample is: %w", err)
			}
			return err
		}
		r.shown = true
		fmt.Fprintf(out, "to look at: %s\n", r.path("report.html"))
	}
	return r.heard(out)
}

// reports are what Show writes into the folder.
var reports = []string{"report.html", "report.csv"}

// Cut says that the sample ended before its time, and is kept as far as it went.
type Cut struct {
	Kept, Lost int
	Dir        string
}

func (c *Cut) Error() string {
	return fmt.Sprintf("the sample was stopped: %d of %d molecules are kept; training is complete, and more are drawn by: go run ./cmd/sample -model %s",
		c.Kept, c.Kept+c.Lost, Quoted(c.Dir))
}

// done returns the molecules that are there, which of all they are, and how many are not.
func done(molecules []*molecule.Molecule) (kept []*molecule.Molecule, index []int, lost int) {
	for i, m := range molecules {
		if m == nil {
			lost++
			continue
		}
		kept, index = append(kept, m), append(index, i)
	}
	return kept, index, lost
}

// out is where what the run comes to is said.
func (r *Run) out() *screen {
	if r.Out == nil {
		return r.screen
	}
	return &screen{w: r.Out}
}

// heard returns why something went unsaid.
func (r *Run) heard(out *screen) error {
	if out == r.screen {
		return out.err
	}
	return errors.Join(r.screen.err, out.err)
}

// judge judges the sample and compares it with the molecules that were trained on.
func (r *Run) judge(is *Outcome) error {
	if r.source != nil {
		fmt.Fprintf(r.screen, "held against %d of the %d molecules that were learned from\n\n", len(r.Examples), r.count())
	}
	r.line.Begin("judging:", " molecules of the training set and the sample", 0, float64(len(r.Examples)+len(is.Molecules)))
	defer r.line.End()
	is.Data = report.NewReference(r.Config.Bonds(), r.Workers)
	is.Data.Told = r.line.Add
	is.Data.Ranks = r.Ranks
	if err := is.Data.Read(&decoder{r.Config.Vocabulary(), r.Examples}, nil); err != nil {
		return err
	}
	sample := report.Slice(is.Molecules)
	is.Sample = report.New(r.Config.Bonds(), r.Workers, is.Data)
	is.Sample.Ranks, is.Sample.Told = r.Ranks, r.line.Add
	err := is.Sample.Read(&sample, func(j metrics.Judgement) error { is.Judged = append(is.Judged, j); return nil })
	is.Report = is.Sample.Report(is.Data)
	return err
}

// decoder reads examples as the molecules that they encode.
type decoder struct {
	vocabulary datasets.Vocabulary
	examples   []flow.Example[float32]
}

func (d *decoder) Read() (*molecule.Molecule, error) {
	if len(d.examples) == 0 {
		return nil, io.EOF
	}
	e := &d.examples[0]
	d.examples = d.examples[1:]
	return datasets.Decode(d.vocabulary, e.X, e.H), nil
}

func (r *Run) write(is *Outcome) error {
	for _, name := range []string{"samples.sdf", "samples.xyz", "samples.svg"} {
		if _, err := files.Write(r.path(name), is.Molecules, is.Judged); err != nil {
			return err
		}
	}
	if err := r.drawSchedule(); err != nil {
		return err
	}
	return files.Replace(r.path("metrics.json"), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(is.Report)
	})
}
