package flow

import (
	"cmp"
	"equifm/nn/parallel"
	"slices"
)

// deal picks the molecules of a step for next and deals them to its shards, the
// largest first, back and forth, so that shards take about equally long.
func (tr *Trainer[T]) deal(step int) {
	b := &tr.next
	tr.ready = step
	b.Path, b.Count = tr.Path, tr.Batch
	b.drawing = drawing{tr.Seed, streamTrain, tr.poses(streamPose), step, tr.Times, tr.Drop}
	tr.bySize = tr.bySize[:0]
	for m := range tr.Batch {
		tr.bySize = append(tr.bySize, pick{m, tr.pick(step*tr.Batch + m)})
	}
	slices.SortStableFunc(tr.bySize, func(a, b pick) int {
		return cmp.Compare(tr.examples[b.index].Atoms(), tr.examples[a.index].Atoms())
	})
	shards := tr.shards()
	b.Shards, b.picks = resize(b.Shards, shards), b.picks[:0]
	for k := range shards {
		before := len(b.picks)
		for row := 0; row*shards < tr.Batch; row++ {
			m := row*shards + k
			if row%2 == 1 {
				m = row*shards + shards - 1 - k
			}
			if m < tr.Batch {
				b.picks = append(b.picks, tr.bySize[m])
			}
		}
		b.Shards[k] = len(b.picks) - before
	}
	b.own(parallel.Own(tr.Ranks, shards))
	tr.chooseTwice()
	b.reserve(tr.examples, tr.features, tr.context)
	tr.cursor.Store(int64(b.from))
}

// shards is how many there are of a batch.
func (s *Settings) shards() int { return 1 + (s.Batch-1)/s.Shard }

// pick returns the example at a place in the endless sequence of epochs, each a
// shuffle of all examples.
func (tr *Trainer[T]) pick(place int) int {
	n := len(tr.examples)
	if epoch := place / n; epoch != tr.epoch {
		tr.epoch = epoch
		tr.order = resize(tr.order, n)
		for i := range tr.order {
			tr.order[i] = i
		}
		tr.shuffle.seed(tr.Seed, streamOrder, epoch, 0)
		tr.shuffle.Shuffle(n, func(i, j int) { tr.order[i], tr.order[j] = tr.order[j], tr.order[i] })
	}
	return tr.order[place%n]
}

// drawNext draws this rank's molecules of next until none is left that nobody has taken. Any number
// of goroutines may call it.
func (tr *Trainer[T]) drawNext() {
	w := tr.borrow()
	defer tr.back(w)
	for {
		m := int(tr.cursor.Add(1)) - 1
		if m >= tr.next.to {
			return
		}
		w.draw(&tr.next, m, &tr.examples[tr.next.picks[m].index])
	}
}

// drawRest draws what is left of next, with all workers.
func (tr *Trainer[T]) drawRest() error {
	left := tr.next.to - int(tr.cursor.Load())
	parallel.Each(left, tr.Workers, func(int, int) error { tr.drawNext(); return nil }) // none fails
	return tr.next.err()
}

// borrow returns a drawer that nobody draws with, a new one if there is none.
func (tr *Trainer[T]) borrow() *drawer[T] {
	select {
	case w := <-tr.drawers:
		return w
	default:
		return newDrawer[T](tr.Align)
	}
}

// back takes a drawer back.
func (tr *Trainer[T]) back(w *drawer[T]) {
	select {
	case tr.drawers <- w:
	default: // there are as many as workers
	}
}
