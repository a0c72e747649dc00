package flow

import (
	"equifm/autograd"
	"equifm/nn"
)

// validation is the examples that a trainer looks at without learning.
type validation[T autograd.Float] struct {
	shards []shard[T]
	parts  []Parts
	view   nn.View[T]
}

// Validate returns the loss of examples under the average of the parameters.
// Their times and noise depend on the seed alone, so that the figures of two
// steps differ by what was learned between them. It changes nothing.
func (tr *Trainer[T]) Validate(examples []Example[T]) (total Parts, err error) {
	v := &tr.validation
	shards := (len(examples)-1)/tr.Shard + 1
	if len(v.shards) != shards {
		v.shards, v.parts = make([]shard[T], shards), make([]Parts, shards)
		v.view = tr.Net.Params().BindData(tr.EMA.Data, nil)
	}
	err = tr.share(shards, func(w *worker[T], k int) (err error) {
		s := &v.shards[k]
		if s.random.Rand == nil {
			s.random = newStream()
		}
		s.random.seed(tr.Seed, streamValid, k, 0)
		s.index = s.index[:0]
		for i := k * tr.Shard; i < min((k+1)*tr.Shard, len(examples)); i++ {
			s.index = append(s.index, i)
		}
		if err := s.draw(tr.Path, examples, tr.features, tr.context, w.align); err != nil {
			return err
		}
		v.parts[k], err = s.learn(w.tape, tr.Net, v.view, tr.features, len(examples), tr.Angle)
		return err
	})
	for _, p := range v.parts {
		total.add(p)
	}
	return total, err
}
