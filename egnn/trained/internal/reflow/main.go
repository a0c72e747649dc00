// Command reflow straightens a model's flow on its own pairs of noise and molecule (Liu et
// al. 2022, arXiv 2209.03003), for samples of fewer evaluations.
//
//	go run ./egnn/trained/internal/reflow -pairs pairs.safetensors -out straight.safetensors
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"equifm/egnn/trained"
	"equifm/flow"
)

// settings are what is asked for.
type settings struct {
	name, pairs, out string
	back, original   string
	noises, through  int
	steps, batch     int
	lr, ema, from    float64
	judged           int
	seed             uint64
	workers          int
}

func main() {
	var s settings
	flag.StringVar(&s.name, "model", "qm9", "the folder of a run, a file of weights, or a built-in model")
	flag.StringVar(&s.pairs, "pairs", "pairs.safetensors", "files of pairs, with commas: read, or made if it is not there")
	flag.IntVar(&s.noises, "noises", 4000, "how many noises are carried to molecules; those that become stable ones make pairs")
	flag.StringVar(&s.back, "back", "", "a set whose molecules are carried back to noise, as many as -noises, for pairs of that kind")
	flag.StringVar(&s.original, "then", "", "the model that mends what the straightened one makes in few evaluations, as qm9: that is judged too")
	flag.IntVar(&s.through, "through", 20, "evaluations for each of them")
	flag.IntVar(&s.steps, "steps", 1200, "of training on the pairs; 0 judges the model as it is")
	flag.IntVar(&s.batch, "batch", 32, "pairs of a step")
	flag.Float64Var(&s.lr, "lr", 5e-4, "learning rate, which falls by a cosine")
	flag.Float64Var(&s.from, "from", 0, "the time from which on noise is the pair's; before it, it is any, as the model knows it")
	flag.Float64Var(&s.ema, "ema", 0.99, "of the average")
	flag.IntVar(&s.judged, "judge", 300, "molecules of each sample to judge the model by")
	flag.StringVar(&s.out, "out", "straight.safetensors", "the model to write")
	flag.Uint64Var(&s.seed, "seed", 1, "of noise, order and times")
	flag.IntVar(&s.workers, "workers", 1, "threads")
	flag.Parse()
	if err := reflow(s); err != nil {
		fmt.Fprintln(os.Stderr, "reflow:", err)
		os.Exit(1)
	}
}

func reflow(s settings) error {
	m, err := trained.Open(s.name)
	if err != nil {
		return err
	}
	if s.steps == 0 {
		return s.judgeAll(m)
	}
	var pairs []flow.Example[float32]
	for _, s.pairs = range strings.Split(s.pairs, ",") {
		more, err := s.open(m)
		if err != nil {
			return err
		}
		for i := range more {
			more[i].NoiseFrom = s.from
		}
		pairs = append(pairs, more...)
	}
	fmt.Printf("%d pairs\n", len(pairs))
	if err := s.straighten(m, pairs); err != nil {
		return err
	}
	return s.judgeAll(m)
}

// judgeAll judges the model, alone and with the one that mends.
func (s settings) judgeAll(m *trained.Model) error {
	if err := s.judge(m); err != nil || s.original == "" {
		return err
	}
	original, err := trained.Open(s.original)
	if err != nil {
		return err
	}
	return s.mend(m, original)
}

// open reads the file of pairs, or makes it.
func (s settings) open(m *trained.Model) (pairs []flow.Example[float32], err error) {
	pairs, err = read(s.pairs, m.Field.Features)
	switch {
	case !errors.Is(err, fs.ErrNotExist):
		return pairs, err
	case s.back != "":
		return s.carryBack(m)
	}
	return s.collect(m)
}

// collect draws pairs, and keeps them part by part: who ends it has what it came to.
func (s settings) collect(m *trained.Model) (pairs []flow.Example[float32], err error) {
	const part = 500
	o := m.Options()
	o.Seed, o.Workers, o.Solver, o.Steps, o.Eta = s.seed, s.workers, flow.DPM, s.through, 0
	for o.First < s.noises {
		o.Number = min(part, s.noises-o.First)
		more, err := draw(m, o)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, more...)
		o.First += o.Number
		fmt.Printf("%d pairs of %d noises\n", len(pairs), o.First)
		if err := write(s.pairs, pairs); err != nil {
			return nil, err
		}
	}
	return pairs, nil
}
