package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/eot"
	"equifm/flow"
	"equifm/molecule/metrics"
	"equifm/nn"
	"equifm/nn/safetensors"
)

// straighten has the model go on learning from pairs: where molecule and noise are one
// of the other, the straight way between them is the flow's own. Times are uniform, since
// few steps are long ones at every time; where pairs begin at a later one, they go by the
// model's own law, moved up a little, for the short steps before. The moments stay those of data and noise on their own: by
// them the weights are the flow that the pairs are of, and what the network adds to the
// guess is free.
func (s settings) straighten(m *trained.Model, pairs []flow.Example[float32]) error {
	c := m.Config
	c.Name, c.Seed, c.EOT.Mode = strings.TrimSuffix(filepath.Base(s.out), ".safetensors"), s.seed, eot.None
	c.Train.Steps, c.Train.Batch, c.Train.LR, c.Train.Warmup, c.Train.Decay = s.steps, s.batch, s.lr, 50, config.Cosine
	c.Train.EMA, c.Train.EMAWarmup, c.Train.Cooldown = s.ema, true, 0
	if s.from == 0 {
		c.Train.Time = flow.Uniform
	} else {
		c.Train.TimeMean = -0.7
	}
	c.Sample.Solver, c.Sample.Steps, c.Sample.Eta = flow.DPM, 10, 0
	if err := c.Check(); err != nil {
		return err
	}
	muon := nn.NewMuon(m.Field.Params(), m.Field.Matrices())
	muon.Poles = 1 // a good part of a step's time otherwise, of so small a batch
	tr, err := flow.NewTrainer(c.Settings(m.Moments, s.workers), m.Field, muon, pairs)
	if err != nil {
		return err
	}
	m.Config, m.Average = c, tr.Average.Data
	var sum flow.Parts
	const every = 100
	rate := flow.Rate{LR: s.lr, Steps: s.steps, Warmup: c.Train.Warmup, Cosine: true}
	for report, err := range tr.Run(s.steps, rate.At) {
		if err != nil {
			return err
		}
		sum.X, sum.H, sum.Pair = sum.X+report.Loss.X/every, sum.H+report.Loss.H/every, sum.Pair+report.Loss.Pair/every
		if m.Step++; tr.Steps%every == 0 {
			fmt.Printf("step %5d  loss of positions %.4f, features %.4f, bonds %.4f\n", tr.Steps, sum.X, sum.H, sum.Pair)
			sum = flow.Parts{}
			if err := m.WriteFile(s.out, safetensors.BF16); err != nil {
				return err
			}
		}
	}
	return m.WriteFile(s.out, safetensors.BF16)
}

// judge prints how many of a sample are stable, by solver and evaluations.
func (s settings) judge(m *trained.Model) error {
	for _, solver := range []flow.Solver{flow.DPM, flow.Euler} {
		for _, steps := range []int{5, 10, 20, 50} {
			o := m.Options()
			o.Number, o.Seed, o.Workers, o.Solver, o.Steps, o.Eta = s.judged, s.seed+1000, s.workers, solver, steps, 0
			molecules, _, err := m.Sample(context.Background(), o)
			if err != nil {
				return err
			}
			var tally metrics.Tally
			for _, j := range m.Judge(molecules) {
				tally.Add(j)
			}
			fmt.Printf("%-6v %3d evaluations:%s\n", solver, steps, shares(tally.Totals()))
		}
	}
	return nil
}
