package report

import (
	"equifm/molecule/metrics"
	"equifm/nn/parallel"
)

// round is how many batches are read at a time, by all ranks the same.
func (e *Evaluation) round() (size int) {
	if e.Ranks == nil {
		return ahead * e.Workers
	}
	workers := make([]int, e.Ranks.Size())
	workers[e.Ranks.Rank()] = e.Workers
	parallel.Share(e.Ranks, workers)
	for _, n := range workers {
		size += ahead * n
	}
	return size
}

// share has the judgements of every rank's own batches come to all.
func (e *Evaluation) share(batches []batch) error {
	if e.Ranks == nil {
		return nil
	}
	var own [][]metrics.Judgement
	from, to := parallel.Own(e.Ranks, len(batches))
	for _, b := range batches[from:to] {
		own = append(own, b.judgements)
	}
	all, err := parallel.All(e.Ranks, own)
	if err != nil {
		return err
	}
	i := 0
	for _, of := range all {
		for _, judgements := range of {
			batches[i].judgements = judgements
			i++
		}
	}
	return nil
}
