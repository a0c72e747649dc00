// Package report judges sets of molecules on all cores and reports what they
// are worth, for people as a table and for programs as JSON.
package report

import (
	"io"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/metrics"
	"equifm/nn/parallel"
)

// Evaluation is what has been seen of a set of molecules.
type Evaluation struct {
	Table   *bonds.Table
	Workers int
	Stated  bool                    // goes by the bonds and charges that molecules state, where they do
	Ranks   parallel.Ranks          // processes that read the same molecules and judge a part each, nil for this one alone
	Told    func(molecules float64) // is told how many more are judged, unless nil
	Tally   metrics.Tally
	Shapes  *metrics.Shapes
	ByRadii map[string]int // bonds that go by covalent radii, by kind: no length of theirs is published

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
	batchSize  = 128  // molecules that a worker judges at a time
	ahead      = 8    // batches read for each worker, while it judges as many
	maxWorkers = 1024 // each has memory of its own; more would find nothing to do
)

// batch is a run of molecules and what is found about them.
type batch struct {
	molecules  []*molecule.Molecule
	judgements []metrics.Judgement
}

// worker judges in memory of its own.
type worker struct {
	*Evaluation
	judger     metrics.Judger
	shapes     *metrics.Shapes
	neighbours *metrics.Neighbours
}

// Read judges the molecules of r and hands the judgements, in order, to each,
// which may be nil. Where r fails, what came before counts, and the error is
// returned.
//
// The batches go through three stages, one round in each: read, judged, counted. Of a
// round's batches a rank judges its own, and all count all.
func (e *Evaluation) Read(r molecule.Reader, each func(metrics.Judgement) error) error {
	workers := make([]worker, e.Workers)
	for w := range workers {
		workers[w] = worker{e, metrics.Judger{Table: e.Table, Stated: e.Stated}, metrics.NewShapes(), metrics.NewNeighbours()}
	}
	size := e.round()
	now, readErr := e.take(r, size)
	var last []batch
	var err error
	for err == nil && len(last)+len(now) > 0 {
		var next []batch
		from, to := parallel.Own(e.Ranks, len(now))
		err = parallel.Each(2+len(now), e.Workers, func(w, i int) error {
			switch {
			case i > 1:
				workers[w].judge(&now[i-2], i-2 >= from && i-2 < to)
			case i == 1:
				return e.count(last, each)
			case readErr == nil:
				next, readErr = e.take(r, size)
			}
			return nil
		})
		if err == nil {
			err = e.share(now)
		}
		last, now = now, next
	}
	seen := metrics.NewShapes()
	for _, w := range workers {
		seen.Merge(w.shapes)
		if e.neighbours != nil {
			e.neighbours.Merge(w.neighbours)
		}
	}
	if err != nil { // which the other ranks may not have
		e.Shapes.Merge(seen)
		return err
	}
	shapes, err := parallel.All(e.Ranks, seen)
	for _, s := range shapes {
		e.Shapes.Merge(s)
	}
	if err == nil && readErr != io.EOF {
		err = readErr
	}
	return err
}

// take reads the batches of a round of such a size, fewer before the end or an error, which
// it returns with them.
func (e *Evaluation) take(r molecule.Reader, size int) (batches []batch, err error) {
	for err == nil && len(batches) < size {
		var b batch
		for err == nil && len(b.molecules) < batchSize {
			var m *molecule.Molecule
			if m, err = r.Read(); err == nil {
				b.molecules = append(b.molecules, m)
			}
		}
		if len(b.molecules) > 0 {
			batches = append(batches, b)
		}
	}
	return batches, err
}

// judge judges a batch, unless another rank does. Neighbours every rank has all of.
func (w *worker) judge(b *batch, own bool) {
	if w.Evaluation.neighbours != nil {
		for _, m := range b.molecules {
			w.neighbours.Add(m)
		}
	}
	if own {
		b.judgements = w.judger.JudgeAll(b.molecules)
		for i, m := range b.molecules {
			j := &b.judgements[i]
			w.shapes.Add(m, j.Graph)
			if w.reference != nil && j.Stable {
				j.Nearest = w.reference.neighbours.Nearest(m)
			}
		}
	}
	b.molecules = nil
}

// count adds the judgements up, in the order of the molecules.
func (e *Evaluation) count(batches []batch, each func(metrics.Judgement) error) error {
	for _, b := range batches {
		if e.Told != nil {
			e.Told(float64(len(b.judgements)))
		}
		for _, j := range b.judgements {
			e.Tally.Add(j)
			if !j.Stated {
				e.countRadii(j.Graph)
			}
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

// countRadii counts the bonds that no published length has judged.
func (e *Evaluation) countRadii(g *molecule.Graph) {
	for _, b := range g.Bonds {
		if i, j := g.Elements[b.I], g.Elements[b.J]; e.Table.ByRadii(i, j) {
			if e.ByRadii == nil {
				e.ByRadii = map[string]int{}
			}
			e.ByRadii[min(i, j).String()+"-"+max(i, j).String()]++
		}
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
