package main

import (
	"cmp"
	"errors"
	"fmt"

	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/page"
	"equifm/cmd/internal/usage"
	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/nn/parallel"
)

// places returns an error where something cannot be written: before it is drawn.
func (o options) places() (err error) {
	if !o.stdout() {
		err = files.Check(o.out)
	}
	if o.trajectory != "" {
		err = errors.Join(err, files.CheckPlace(o.trajectory))
	}
	if o.report != "" {
		err = errors.Join(err, page.Check(o.report))
	}
	return err
}

// ask fills in what is asked of the model, and returns an error for what it cannot be
// asked for.
func (o *options) ask(d *drawing, among parallel.Ranks) error {
	if among != nil && o.trajectory != "" {
		return exit.Usage{Err: errors.New("-trajectory is of one process: ranks see a part of the molecules each")}
	}
	seeds, err := parallel.All(among, o.seed)
	if err != nil {
		return err
	}
	o.seed = seeds[0] // one for all, where each has drawn its own
	d.how = o.over(d.m.Options())
	if err := o.said.Check(idle(d.m, d.how.Solver)...); err != nil {
		return exit.Usage{Err: err}
	}
	if err := o.given.over(&d.how); err != nil {
		return err
	}
	d.how.Ranks = among
	if d.how.Values, err = o.asked.values(d.m, o.n); err == nil {
		err = possible(d.m, d.how)
	}
	if err != nil {
		return exit.Usage{Err: err}
	}
	return nil
}

// possible returns an error for what a model cannot draw, or not so many of.
func possible(m *trained.Model, how trained.Options) error {
	c := m.Config
	c.Sample = how.Sample
	if err := c.Check(); err != nil { // the number above all, of which a part knows nothing
		return err
	}
	how.Number = min(how.Number, 1<<16)
	if how.Values != nil {
		how.Values = how.Values[:how.Number]
	}
	_, _, err := m.Draw(how)
	return err
}

// idle says which flags change nothing of how a model draws by a solver.
func idle(m *trained.Model, s flow.Solver) []usage.Idle {
	by := func(where string) string { return fmt.Sprintf("with the solver %v, %s", s, where) }
	return []usage.Idle{
		{Flags: []string{"steps", "grid"}, If: s == flow.Dopri5, Where: by("which chooses its own steps")},
		{Flags: []string{"eta"}, If: s != flow.DPM, Where: by("only with dpm")},
		{Flags: []string{"churn"}, If: s != flow.Stochastic && s != flow.Karras, Where: by("only with stochastic and karras")},
		{Flags: []string{"guidance"}, If: m.Condition == nil, Where: "with a model that has learned no property"},
	}
}

// over puts the flags that were given over the model's own settings.
func (o options) over(how trained.Options) trained.Options {
	how.Number, how.Seed, how.Workers, how.Atoms = o.n, o.seed, o.workers, o.atoms.from
	if o.atoms.to > o.atoms.from {
		how.MostAtoms = o.atoms.to
	}
	how.Steps = cmp.Or(o.steps, how.Steps)
	how.Churn = cmp.Or(o.churn, how.Churn)
	how.TypesFrom = cmp.Or(o.typesFrom, how.TypesFrom)
	how.Resample = cmp.Or(o.resample, how.Resample)
	if o.solver != unset {
		how.Solver = o.solver
	}
	if o.grid != unset {
		how.Grid = o.grid
	}
	if o.eta != unset {
		how.Eta = o.eta
	}
	if o.guidance != unset {
		how.Guidance = o.guidance
	}
	return how
}
