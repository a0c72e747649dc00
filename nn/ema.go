package nn

import (
	"fmt"

	"equifm/autograd"
	"equifm/autograd/kernel"
)

// EMA is an exponential moving average of parameters over the steps of a
// training, with which samples are drawn: average ← decay·average +
// (1−decay)·parameters.
type EMA[T autograd.Float] struct {
	Decay float64
	// Warm shortens the memory at first: step n decays by min(Decay,
	// (1+n)/(10+n)), so that after a few steps nothing is left of the first,
	// random values (TensorFlow's ExponentialMovingAverage with num_updates).
	Warm  bool
	Steps int // taken so far
	Data  []T // the average, laid out as the parameters; see Params.BindData
}

// NewEMA starts an average at p. EDM and EquiFM use a decay of 0.9999.
func NewEMA[T autograd.Float](p *Params[T], decay float64) *EMA[T] {
	return &EMA[T]{Decay: decay, Data: append([]T(nil), p.Data...)}
}

// Update moves the average towards p. The same bits for any number of workers.
func (e *EMA[T]) Update(p *Params[T], workers int) {
	if len(p.Data) != len(e.Data) {
		panic(fmt.Sprintf("nn: EMA: an average of %d numbers for %d parameters", len(e.Data), len(p.Data)))
	}
	decay := e.Advance()
	parts(len(e.Data), workers, func(_, lo, hi int) {
		kernel.Lerp(e.Data[lo:hi], p.Data[lo:hi], T(1-decay))
	})
}

// Advance counts a step and returns what it decays by, for whoever does to an average
// elsewhere, such as on a device, what Update does to Data.
func (e *EMA[T]) Advance() (decay float64) {
	e.Steps++
	if e.Warm {
		return min(e.Decay, float64(1+e.Steps)/float64(10+e.Steps))
	}
	return e.Decay
}
