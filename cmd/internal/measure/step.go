package measure

import (
	"io"
	"math/rand/v2"
	"runtime"

	"equifm/cmd/internal/run"
	"equifm/cmd/internal/run/cputime"
	"equifm/datasets"
	"equifm/datasets/chains"
	"equifm/egnn/trained/config"
	"equifm/eot"
	"equifm/flow"
)

// Step is what a training step of one molecule takes.
type Step struct {
	Gradient  float64 `json:"gradient_seconds"` // of processor time
	Total     float64 `json:"step_seconds"`     // with the optimiser, the average and the next molecule's noise
	Bytes     float64 `json:"bytes"`            // held while it trains: weights and their average, gradient, optimiser, tape
	Transport float64 `json:"transport_seconds"`
	Left      float64 `json:"left"` // Å² an atom, of the squared distance, by the transport
}

// Molecules that steps are measured on: so many that they have stepAtoms together, about.
const stepAtoms, fewestMolecules, mostMolecules = 2000, 2, 24

// TrainingStep measures steps of one molecule each by a configuration, on built molecules
// of n atoms, in one goroutine, and the transport of both kinds on the same molecules.
func TrainingStep(c config.Config, n int, clock cputime.Clock) (s Step, err error) {
	set := &datasets.Set{Name: "built", Splits: map[string][]int{}}
	for k := range min(max(stepAtoms/n, fewestMolecules), mostMolecules) {
		m, err := chains.Build(n, rand.New(rand.NewPCG(uint64(n), uint64(k))))
		if err != nil {
			return s, err
		}
		set.Molecules = append(set.Molecules, *m)
	}
	c.Data = config.Data{Source: "built", Vocabulary: c.Data.Vocabulary, Channels: c.Data.Channels, TypeHeight: c.Data.TypeHeight}
	c.Condition, c.Train.Batch, c.Train.Shard = config.Condition{}, 1, 1
	before := heldBytes()
	r, err := run.PrepareOn(set, c, 1, clock, io.Discard)
	if err != nil {
		return s, err
	}
	if err := s.time(r, clock); err != nil {
		return s, err
	}
	s.Bytes = heldBytes() - before
	moved, err := Align(eot.Options{Mode: eot.Both}, Coordinates(r.Examples, mostMolecules), 1, clock)
	s.Transport = moved.Seconds
	for _, cost := range moved.Cost {
		s.Left += cost / float64(len(moved.Cost))
	}
	runtime.KeepAlive(r)
	return s, err
}

// time takes steps, the first of which grows the memory and is not counted.
func (s *Step) time(r *run.Run, clock cputime.Clock) error {
	watch := &stopwatch{Engine: r.Trainer.Engine, clock: clock}
	r.Trainer.Engine = watch
	if _, err := r.Trainer.Step(); err != nil {
		return err
	}
	watch.seconds = 0
	begin := clock()
	for steps := 1.0; ; steps++ {
		if _, err := r.Trainer.Step(); err != nil {
			return err
		}
		took := clock() - begin
		if took >= leastSeconds || took == 0 { // 0 where the system does not say
			s.Gradient, s.Total = watch.seconds/steps, took/steps
			return nil
		}
	}
}

// stopwatch is an engine that counts its time.
type stopwatch struct {
	flow.Engine[float32]
	clock   cputime.Clock
	seconds float64
}

func (w *stopwatch) Gradient(b *flow.Batch[float32], idle func()) ([]float32, flow.Parts, error) {
	begin := w.clock()
	grad, parts, err := w.Engine.Gradient(b, func() {}) // the next molecule is drawn outside
	w.seconds += w.clock() - begin
	return grad, parts, err
}

// heldBytes is what the program holds that it can reach.
func heldBytes() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
