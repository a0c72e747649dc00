package run

import (
	"fmt"

	"equifm/cmd/internal/memory"
	"equifm/datasets"
)

// room returns an error if what the run will take at its peak is more memory than there
// is, before anything large is made. It is an estimate from below: what a process does not
// have for the certain part of it, it has not at all.
func (r *Run) room(sizes datasets.Histogram) error {
	available, ok := memory.Available()
	if !ok {
		return nil
	}
	c := r.Config
	parameters, shards := float64(c.Shape().Parameters()), 1+(c.Train.Batch-1)/c.Train.Shard
	atoms := 0.0
	for n, count := range sizes.Counts {
		atoms += float64(n) * float64(count) / float64(sizes.Total)
	}
	features := float64(c.Shape().Features)
	err := memory.Check(available,
		memory.Need{What: fmt.Sprintf("the network, its average and the optimiser's state, %.0f parameters", parameters), Bytes: parameters * 4 * 5},
		memory.Need{What: fmt.Sprintf("gradients of %d shards of %.0f parameters (train.batch / train.shard)", shards, parameters), Bytes: parameters * 4 * float64(shards)},
		memory.Need{What: fmt.Sprintf("a batch of molecules, train.batch = %d", c.Train.Batch), Bytes: float64(c.Train.Batch) * atoms * (3 + features) * 4 * 4},
		memory.Need{What: fmt.Sprintf("the sample, sample.number = %d", c.Sample.Number), Bytes: float64(c.Sample.Number) * (sampledBytes + atoms*sampledAtom)})
	if err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	return nil
}

// What a molecule of the sample and its judgement take, at least: structures, strings, the
// graph; and an atom of it, with its bonds.
const (
	sampledBytes = 600
	sampledAtom  = 60
)
