package flow

import "iter"

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
