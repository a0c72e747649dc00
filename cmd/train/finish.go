package main

import "fmt"

// finish samples molecules, judges them, and writes both.
func (r *trainRun) finish() error {
	molecules, stats, err := r.model.Generate(r.config.Sample.Number, r.config.Seed, r.workers)
	if err != nil {
		return err
	}
	fmt.Fprintf(r.screen, "%d molecules, %d evaluations of the network each\n", len(molecules), stats.NFE)
	return nil
}
