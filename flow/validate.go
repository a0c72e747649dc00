package flow

import (
	"equifm/autograd"
	"equifm/nn"
)

// TimeBins is how many equal parts of [0, 1] a Validation tells apart.
const TimeBins = 10

// Validation is the loss of held-out molecules, at uniform times and with the
// weights Published whatever training has, so that runs compare; ByTime has the
// means of the molecules whose t lies in each tenth.
type Validation struct {
	Parts
	ByTime [TimeBins]Parts
	Count  [TimeBins]int // molecules in each
}

// validation is the examples that a trainer looks at without learning, one a
// shard, so that each has its own parts.
type validation[T autograd.Float] struct {
	shards []shard[T]
	parts  []Parts
	view   nn.View[T]
}

// Validate returns the loss of examples under the average of the parameters.
// Their times and noise depend on the seed alone, so that the figures of two
// steps differ by what was learned between them. It changes nothing.
func (tr *Trainer[T]) Validate(examples []Example[T]) (total Validation, err error) {
	v := &tr.validation
	if len(v.shards) != len(examples) {
		v.shards, v.parts = make([]shard[T], len(examples)), make([]Parts, len(examples))
		v.view = tr.Net.Params().BindData(tr.Average.Data, nil)
		for k := range v.shards {
			v.shards[k].path, v.shards[k].batch, v.shards[k].random = tr.Path, 1, newStream()
		}
	}
	err = tr.share(len(examples), func(w *worker[T], k int) error {
		s := &v.shards[k]
		s.picks = append(s.picks[:0], pick{k, k})
		if err := s.draw(drawing{seed: tr.Seed, purpose: streamValid}, examples, tr.features, tr.context, w.align); err != nil {
			return err
		}
		p, err := s.predict(w.tape, tr.Net, v.view, tr.Output, tr.features)
		if err != nil {
			return err
		}
		_, v.parts[k] = Loss(w.tape, p.QX, p.QH, s.target, s.sizes, 1, 0, Published)
		return nil
	})
	if err != nil {
		return total, err
	}
	for k, p := range v.parts {
		total.add(p.scaled(1 / float64(len(v.parts))))
		bin := min(int(TimeBins*v.shards[k].times[0]), TimeBins-1)
		total.ByTime[bin].add(p)
		total.Count[bin]++
	}
	for bin, n := range total.Count {
		total.ByTime[bin] = total.ByTime[bin].scaled(1 / max(float64(n), 1))
	}
	return total, nil
}
