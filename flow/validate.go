package flow

import (
	"cmp"

	"equifm/autograd"
	"equifm/nn"
	"equifm/nn/parallel"
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

// timeBin returns the part of [0, 1] that a time lies in.
func timeBin(t float64) int { return min(int(TimeBins*t), TimeBins-1) }

// validation is the memory of Validate.
type validation[T autograd.Float] struct {
	drawn[T]
	parts []Parts // of each molecule
	view  nn.View[T]
	tapes []*autograd.Tape[T] // one a worker
}

// Validate returns the loss of examples under the average of the parameters.
// Their times, noise and poses depend on the seed alone, so that the figures of two
// steps differ by what was learned between them. It changes nothing. Ranks take a part
// of the examples each, and all know the loss.
func (tr *Trainer[T]) Validate(examples []Example[T]) (total Validation, err error) {
	if err := cmp.Or(tr.check(examples, "validation set"), tr.Fetch()); err != nil {
		return total, err
	}
	v := &tr.validation
	tr.prepare(v, examples)
	err = parallel.Each(v.to-v.from, tr.Workers, func(w, k int) error {
		k += v.from
		drawer := tr.borrow()
		drawer.draw(&v.drawn, k, &examples[k])
		tr.back(drawer)
		if v.errs[k] != nil {
			return v.err()
		}
		one, tape := v.molecules(k, k+1, v.first[k]), v.tapes[w]
		tape.Reset()
		p, err := one.Predict(tape, tr.Net, v.view)
		if err != nil {
			return err
		}
		_, v.parts[k] = Loss(tape, p.QX, p.QH, one.Target, one.Sizes, 1, 0, Published)
		return nil
	})
	if err != nil {
		return total, err
	}
	parallel.Share(tr.Ranks, v.parts)
	parallel.Share(tr.Ranks, v.Times)
	for k, p := range v.parts {
		total.add(p.scaled(1 / float64(len(v.parts))))
		bin := timeBin(v.Times[k])
		total.ByTime[bin].add(p)
		total.Count[bin]++
	}
	for bin, n := range total.Count {
		total.ByTime[bin] = total.ByTime[bin].scaled(1 / max(float64(n), 1))
	}
	return total, nil
}

// prepare lays out the molecules to validate on.
func (tr *Trainer[T]) prepare(v *validation[T], examples []Example[T]) {
	v.Path, v.Output, v.Count = tr.Path, tr.Output, 1
	v.drawing = drawing{seed: tr.Seed, purpose: streamValid, poses: tr.poses(streamValidPose)}
	v.picks, v.Twice = v.picks[:0], v.Twice[:0]
	for k := range examples {
		v.picks, v.Twice = append(v.picks, pick{k, k}), append(v.Twice, true)
	}
	v.from, v.to = parallel.Own(tr.Ranks, len(examples))
	v.reserve(inMemory[T](examples), tr.features, tr.context)
	v.parts, v.view = resize(v.parts, len(examples)), tr.Net.Params().Freeze(tr.Average.Data)
	for len(v.tapes) < min(tr.Workers, len(examples)) {
		v.tapes = append(v.tapes, autograd.NewTape[T]())
	}
}
