package run

import (
	"fmt"
	"io"
	"slices"

	"equifm/cmd/internal/files"
	"equifm/flow"
	"equifm/flow/information"
	"equifm/flow/schedule"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// A move of a learned schedule is so many steps of such a size, by the errors of so many
// molecules at so many times; times before paceEnd are those of the closed form.
const (
	paceSteps     = 25
	paceSize      = 0.02
	paceMolecules = 64
	paceTimes     = 24
	paceEnd       = 0.02
)

// pace moves the learned schedule of the features, where there is one and its time has
// come, so that they tell more at an even rate by what the average of the parameters
// makes of them now. It depends on the seed and the step alone.
func (r *Run) pace(step int) error {
	l, learned := r.Trainer.Path.H.(*schedule.Learned)
	t := r.Config.Train
	if !learned || step%t.ScheduleEvery != 0 || float64(step) > t.ScheduleUntil*float64(t.Steps) {
		return nil
	}
	if err := r.Trainer.Fetch(); err != nil {
		return err
	}
	var some []flow.Example[float32]
	for k := range min(paceMolecules, len(r.Examples)) {
		some = append(some, r.Examples[(step+k*(1+len(r.Examples)/paceMolecules))%len(r.Examples)])
	}
	d := &information.Denoiser[float32]{Net: r.Model.Field, Params: r.Trainer.Average.Data, Path: r.Trainer.Path, Output: r.Trainer.Output,
		Times: flow.PowerGrid(1, paceEnd, 2, paceTimes), Align: r.Config.Align(), Seed: r.Config.Seed, Round: step, Workers: r.Workers}
	e, err := d.Errors(some)
	if err != nil {
		return fmt.Errorf("learned schedule after step %d: %w", step, err)
	}
	p, err := information.NewPace(l, d.Times, e.Mean(d.Path))
	if err != nil {
		return fmt.Errorf("learned schedule after step %d: %w", step, err)
	}
	p.Move(l, paceSteps, paceSize)
	r.Model.Theta = slices.Clone(l.Theta)
	r.Trainer.Redraw()
	return nil
}

// drawSchedule draws the learned schedule, if there is one, beside those with a formula.
func (r *Run) drawSchedule() error {
	l, learned := r.Model.FlowPath().H.(*schedule.Learned)
	if !learned {
		return nil
	}
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = "share of the data in features", "t", "α"
	p.Legend.Top = true
	for k, s := range []schedule.Schedule{l, schedule.VPLinear, schedule.VPPoly, schedule.VPCosine} {
		f := plotter.NewFunction(func(t float64) float64 { return s.At(t).Alpha })
		f.Samples, f.Color, f.Dashes = 200, plotutil.Color(k), plotutil.Dashes(k)
		p.Add(f)
		p.Legend.Add(s.String(), f)
	}
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	return files.Replace(r.path("schedule.svg"), func(w io.Writer) error {
		canvas := vgsvg.New(vg.Points(400), vg.Points(280))
		p.Draw(draw.New(canvas))
		_, err := canvas.WriteTo(w)
		return err
	})
}
