package run

import (
	"fmt"

	"equifm/cmd/internal/memory"
	"equifm/datasets"
	"equifm/egnn/trained/config"
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

// What the recipe learns QM9 by, and how many times that is said to be too much.
const (
	usualAtoms = 18.0
	usualRate  = 3e-3
	usualRange = 2.0 // Å
	tooFast    = 3.0
)

// suited returns a warning where molecules are large for the learning rate, with one that
// suits them; "" where they are not.
//
// An atom is moved in a layer by the sum over all others of moves up to network.coords_range,
// over network.normalization_factor, so that a step moves it by the rate, times the range,
// times the number of atoms over that. Clipping does not help: the optimisers divide by the
// gradient's own size. Undivided, 285 drug-like molecules of 42 atoms were learned at 3e-3
// with a range of 2 Å, and came to losses of 10⁷ with one of 15, where the 1.7e-4 that is
// said here had them at 8.2 after 60 steps.
func suited(c config.Config, sizes datasets.Histogram) string {
	atoms := sizes.Mean()
	times := c.Train.LR / usualRate * c.Network.CoordsRange / usualRange * atoms / usualAtoms / c.Network.NormFactor
	if times <= tooFast {
		return ""
	}
	text := fmt.Sprintf("molecules have %.0f atoms on average; for these, train.lr = %g with network.coords_range = %g Å is %.0f times what QM9's %.0f atoms are learned by, and training may come apart: -set train.lr=%.2g",
		atoms, c.Train.LR, c.Network.CoordsRange, times, usualAtoms, c.Train.LR/times)
	if c.Network.CoordsRange > usualRange {
		text += fmt.Sprintf(" or -set network.coords_range=%g", usualRange)
	}
	return text + " goes by their size"
}
