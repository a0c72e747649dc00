package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/progress"
	"equifm/cmd/internal/report"
	"equifm/egnn/trained"
	"equifm/flow/likelihood"
	"equifm/molecule"
	"equifm/nn/parallel"
)

// likelihoodOptions are the flags of -likelihood.
type likelihoodOptions struct {
	on     bool
	model  string
	trace  string
	n      int
	probes int
	draws  int
	end    float64
	seed   uint64
}

// runLikelihood prints how likely a model makes the molecules of the files.
func runLikelihood(among parallel.Ranks, o options, line *progress.Line, stdin io.Reader, w io.Writer) error {
	l := o.likelihood
	m, err := trained.Open(l.model)
	if err != nil {
		return err
	}
	options := m.LikelihoodOptions()
	options.Probes, options.Draws, options.Seed, options.Workers, options.Ranks = l.probes, l.draws, l.seed, o.workers, among
	if l.end > 0 {
		options.End = l.end
	}
	if options.Trace, err = likelihood.ParseTrace(l.trace); err != nil {
		return exit.Usage{Err: fmt.Errorf("-trace: %w", err)}
	}
	molecules, err := o.readAll(stdin)
	if err != nil {
		return err
	}
	line.Begin(fmt.Sprintf("integrating the likelihood of %d molecules", len(molecules)), "", 0, 0)
	found, err := m.Likelihood(molecules, options)
	line.End()
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	total := report.NewLikelihoods(found)
	switch lines := json.NewEncoder(out); {
	case o.jsonl:
		for i, one := range found {
			if err := lines.Encode(report.NewLikelihood(i+1, molecules[i].Name, one)); err != nil {
				return err
			}
		}
		fallthrough
	case o.json:
		err = lines.Encode(total)
	default:
		fmt.Fprintf(out, "%v\nend at t = %v, trace %s, %d probes of %d draws of the noise there, seed %d\n\n", m, options.End, l.trace, l.probes, l.draws, l.seed)
		total.Table(out)
	}
	return errors.Join(err, out.Flush())
}

// readAll reads the first -n molecules of the files, all if that is 0.
func (o options) readAll(stdin io.Reader) (molecules []*molecule.Molecule, err error) {
	n := o.likelihood.n
	if n == 0 {
		n = math.MaxInt
	}
	for _, path := range o.files {
		f, done, err := o.open(path, stdin)
		if err != nil {
			return nil, err
		}
		for err == nil && len(molecules) < n {
			var m *molecule.Molecule
			if m, err = f.Read(); err == nil {
				molecules = append(molecules, m)
			}
		}
		done()
		if err != nil && err != io.EOF {
			return nil, err
		}
	}
	if len(molecules) == 0 {
		return nil, fmt.Errorf("%s: expected molecules, found none", o.files[0])
	}
	return molecules, nil
}
