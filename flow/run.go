package flow

import (
	"iter"
	"math"
)

// Run takes steps until so many have been taken in all, which after resuming are
// fewer than that, and yields the report of each when it is done:
//
//	for report, err := range tr.Run(10_000, flow.Rate{LR: 1e-4, Warmup: 500}.At) {
//		if err != nil {
//			return err
//		}
//		if ctx.Err() != nil {
//			break // all that was learned is in tr
//		}
//	}
//
// The loop's body may log, validate, save, or leave; a later Run goes on. rate says
// the learning rate of a step counted from 0; without it LR stays what it is. The
// error of a step, see Step, is the last thing yielded.
func (tr *Trainer[T]) Run(steps int, rate func(step int) float64) iter.Seq2[Report, error] {
	return func(yield func(Report, error) bool) {
		for tr.Steps < steps {
			if rate != nil {
				tr.LR = rate(tr.Steps)
			}
			report, err := tr.Step()
			if !yield(report, err) || err != nil {
				return
			}
		}
	}
}

// Rate is a learning rate that changes with the steps: a linear rise from nearly 0
// to LR over the first Warmup steps, then LR or half a cosine down to 0 at the last
// step; and over the last Cooldown steps a fall to nearly 0 from wherever it was.
//
// The warm-up waits for an optimiser's averages to mean something. A training whose
// rate falls only in its cool-down can be gone on with from before it for longer
// (Hägele et al. 2024, arXiv 2405.18392); one with a cosine (Loshchilov and Hutter
// 2017, arXiv 1608.03983) ends where it was told to.
type Rate struct {
	LR       float64 // at its highest
	Steps    int     // of the whole training, at least 1; only Cosine and Cooldown look at it
	Warmup   int     // steps
	Cosine   bool
	Cooldown int // steps
}

// At returns the learning rate of a step counted from 0. Behind the last step,
// what falls has fallen to 0.
func (r Rate) At(step int) float64 {
	lr, left := r.LR, max(r.Steps-step, 0)
	if step < r.Warmup {
		lr *= float64(step+1) / float64(r.Warmup)
	}
	if r.Cosine {
		lr *= 0.5 * (1 + math.Cos(math.Pi*float64(min(step, r.Steps))/float64(r.Steps)))
	}
	if left < r.Cooldown { // 1 - sqrt of the share that is gone, Hägele et al.
		lr *= 1 - math.Sqrt(1-float64(left)/float64(r.Cooldown))
	}
	return lr
}
