// Package report judges sets of molecules on all cores and reports what they
// are worth, for people as a table and for programs as JSON.
package report

import (
	"context"
	"io"

	"golang.org/x/sync/errgroup"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/metrics"
)

// Evaluation is what has been seen of a set of molecules.
type Evaluation struct {
	Table   *bonds.Table
	Workers int
	Tally   metrics.Tally
	Shapes  *metrics.Shapes

	reference  *Evaluation
	neighbours *metrics.Neighbours // of a reference; else nil
}

// NewReference returns an evaluation of no molecules yet, which others are to be
// compared with.
func NewReference(t *bonds.Table, workers int) *Evaluation {
	e := New(t, workers, nil)
	e.neighbours = metrics.NewNeighbours()
	return e
}

// New returns an evaluation of no molecules yet. Novelty and nearness are told from
// a reference, made by NewReference, which may be nil.
func New(t *bonds.Table, workers int, reference *Evaluation) *Evaluation {
	e := &Evaluation{Table: t, Workers: min(workers, maxWorkers), Shapes: metrics.NewShapes(), reference: reference}
	if reference != nil {
		e.Tally.Known = reference.Tally.SMILES()
		if e.Tally.Known == nil { // a reference without valid molecules is one still
			e.Tally.Known = map[string]bool{}
		}
	}
	return e
}

const (
	batchSize  = 256  // molecules go to a worker at a time
	maxWorkers = 1024 // each has memory of its own; more would find nothing to do
)

// batch is a run of molecules and what a worker finds; done is closed when it has.
type batch struct {
	molecules  []*molecule.Molecule
	judgements []metrics.Judgement
	done       chan struct{}
}

// Read judges the molecules of r and hands the judgements, in order, to each,
// which may be nil. Where r fails, what came before counts, and the error is
// returned.
func (e *Evaluation) Read(r molecule.Reader, each func(metrics.Judgement) error) error {
	work, order := make(chan *batch, e.Workers), make(chan *batch, 4*e.Workers)
	g, ctx := errgroup.WithContext(context.Background())
	var readErr error
	g.Go(func() error {
		defer close(work)
		defer close(order)
		readErr = deal(ctx, r, work, order)
		return nil
	})
	workers := make([]worker, e.Workers)
	for w := range workers {
		workers[w] = worker{e, metrics.Judger{Table: e.Table}, metrics.NewShapes(), metrics.NewNeighbours()}
		g.Go(func() error {
			workers[w].judge(work)
			return nil
		})
	}
	g.Go(func() error { return e.collect(order, each) })
	err := g.Wait()
	for _, w := range workers {
		e.Shapes.Merge(w.shapes)
		if e.neighbours != nil {
			e.neighbours.Merge(w.neighbours)
		}
	}
	if err != nil {
		return err
	}
	return readErr
}

// deal reads batches and hands them out, until the end or an error.
func deal(ctx context.Context, r molecule.Reader, work, order chan<- *batch) error {
	for {
		b := &batch{done: make(chan struct{})}
		var err error
		for err == nil && len(b.molecules) < batchSize {
			var m *molecule.Molecule
			if m, err = r.Read(); err == nil {
				b.molecules = append(b.molecules, m)
			}
		}
		select {
		case order <- b:
		case <-ctx.Done():
			return nil
		}
		work <- b
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// collect counts the results in the order of the molecules.
func (e *Evaluation) collect(order <-chan *batch, each func(metrics.Judgement) error) error {
	for b := range order {
		<-b.done
		for _, j := range b.judgements {
			e.Tally.Add(j)
			if each == nil {
				continue
			}
			if err := each(j); err != nil {
				return err
			}
		}
	}
	return nil
}

// worker is what one goroutine judges with.
type worker struct {
	*Evaluation
	judger     metrics.Judger
	shapes     *metrics.Shapes
	neighbours *metrics.Neighbours
}

// judge judges batches in memory of its own.
func (w *worker) judge(work <-chan *batch) {
	for b := range work {
		b.judgements = w.judger.JudgeAll(b.molecules)
		for i, m := range b.molecules {
			j := &b.judgements[i]
			w.shapes.Add(m, j.Graph)
			if w.Evaluation.neighbours != nil {
				w.neighbours.Add(m)
			}
			if w.reference != nil && j.Stable {
				j.Nearest = w.reference.neighbours.Nearest(m)
			}
		}
		b.molecules = nil
		close(b.done)
	}
}

// Slice is a Reader of molecules in memory.
type Slice []*molecule.Molecule

// Read returns the next molecule, and io.EOF after the last.
func (s *Slice) Read() (*molecule.Molecule, error) {
	if len(*s) == 0 {
		return nil, io.EOF
	}
	m := (*s)[0]
	*s = (*s)[1:]
	return m, nil
}
