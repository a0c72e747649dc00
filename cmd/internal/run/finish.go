package run

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"equifm/cmd/internal/files"
	"equifm/cmd/internal/report"
	"equifm/datasets"
	"equifm/flow"
	"equifm/molecule"
	"equifm/molecule/bonds"
)

// metrics is metrics.json: how the sample was drawn, then what it is worth.
type metrics struct {
	Step     int     `json:"step"` // of the training
	Seed     uint64  `json:"seed"`
	Solver   string  `json:"solver"`
	NFE      int     `json:"nfe"`
	Steps    int     `json:"steps"`
	Rejected int     `json:"rejected"`
	Seconds  float64 `json:"seconds"`
	report.Report
}

// Finish samples molecules, judges them against the training set, and writes both.
func (r *Run) Finish() error {
	s, start := r.Config.Sample, time.Now()
	molecules, stats, err := r.Model.Generate(s.Number, r.Config.Seed, r.Workers)
	if err != nil {
		return err
	}
	seconds := time.Since(start).Seconds()
	fmt.Fprintf(r.screen, "\n%d molecules sampled in %.1f s: %s, %d evaluations of the network each, seed %d\n\n",
		len(molecules), seconds, s.Solver, stats.NFE, r.Config.Seed)
	table := r.Config.Bonds()
	judged, err := r.judge(molecules, table)
	if err != nil {
		return err
	}
	judged.Table(r.screen)
	if err := r.write(molecules, table, metrics{r.Trainer.Steps, r.Config.Seed, s.Solver, stats.NFE, stats.Steps, stats.Rejected, seconds, judged}); err != nil {
		return err
	}
	fmt.Fprintf(r.screen, "\n%s: the molecules are in samples.sdf, .xyz and .svg, the figures in metrics.json\n", r.Dir)
	return r.screen.err
}

// judge compares the sample with the molecules that were trained on.
func (r *Run) judge(molecules []*molecule.Molecule, table *bonds.Table) (report.Report, error) {
	train := report.New(table, r.Workers, nil)
	if err := train.Read(&decoder{r.Config.Vocabulary(), r.Examples}, nil); err != nil {
		return report.Report{}, err
	}
	e, sample := report.New(table, r.Workers, train), report.Slice(molecules)
	if err := e.Read(&sample, nil); err != nil {
		return report.Report{}, err
	}
	return e.Report(train), nil
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

func (r *Run) write(molecules []*molecule.Molecule, table *bonds.Table, m metrics) error {
	for _, name := range []string{"samples.sdf", "samples.xyz", "samples.svg"} {
		if _, err := files.Write(r.path(name), molecules, table); err != nil {
			return err
		}
	}
	return files.Replace(r.path("metrics.json"), func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(m)
	})
}
