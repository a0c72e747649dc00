package experiment

import (
	"math"
	"slices"

	"equifm/cmd/internal/bootstrap"
	"equifm/flow/information"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// toldPanels draws how much states tell by time, two panels a path.
func (o *Outcome) toldPanels() (panels []*plot.Plot, err error) {
	for _, t := range o.Told {
		x, h := o.learned(t.Arm)
		positions, features := panel(t.Arm+": positions, nat an atom"), panel(t.Arm+": features, nat an atom")
		curves := []curve{
			{positions, "Gaussian", exact(t.Times, t.Positions)}, {positions, "network", spanned(t.Times, x)},
			{positions, "one axis", withErrors(t.Times, t.Axis)}, {positions, "one axis, transport", withErrors(t.Times, t.Moved)},
			{features, "types and Z", exact(t.Times, t.Kinds)}, {features, "types", exact(t.Times, t.Types)}, {features, "draws", withErrors(t.Times, t.Drawn)},
			{features, "neighbours", withErrors(t.Times, t.Near)}, {features, "network", spanned(t.Times, h)},
		}
		at := map[*plot.Plot]int{}
		for _, c := range curves {
			if len(c.points) == 0 {
				continue
			}
			if err := c.add(at[c.on]); err != nil {
				return nil, err
			}
			at[c.on]++
		}
		// A weak network's bound on what features tell is far above all there is to know.
		positions.Y.Max, features.Y.Max = 1.5*slices.Max(t.Positions), 1.3*slices.Max(t.Kinds)
		for _, p := range []*plot.Plot{positions, features} {
			p.X.Label.Text = "t"
			p.X.Min, p.X.Max, p.Y.Min = 0, 1, 0
			p.Legend.Top = true
			p.Legend.TextStyle.Font.Size, p.Legend.ThumbnailWidth = vg.Points(6), vg.Points(14)
			panels = append(panels, p)
		}
	}
	return panels, nil
}

// curve is one of a panel.
type curve struct {
	on     *plot.Plot
	label  string
	points spans
}

// span is a value at a time with what its 95% interval has on both sides.
type span struct{ t, value, below, above float64 }

type spans []span

func (s spans) Len() int                         { return len(s) }
func (s spans) XY(i int) (x, y float64)          { return s[i].t, s[i].value }
func (s spans) YError(i int) (low, high float64) { return s[i].below, s[i].above }

// add draws a line with its error bars as number k of its panel.
func (c curve) add(k int) error {
	line, err := plotter.NewLine(c.points)
	if err != nil {
		return err
	}
	bars, err := plotter.NewYErrorBars(c.points)
	if err != nil {
		return err
	}
	dots, err := plotter.NewScatter(c.points)
	if err != nil {
		return err
	}
	line.Color, bars.Color, dots.Color = plotutil.Color(k), plotutil.Color(k), plotutil.Color(k)
	line.Dashes, dots.Shape, dots.Radius = plotutil.Dashes(k), draw.CircleGlyph{}, vg.Points(1.2)
	c.on.Add(line, bars, dots)
	c.on.Legend.Add(c.label, line)
	return nil
}

func exact(times, values []float64) (s spans) {
	for k, t := range times {
		s = append(s, span{t: t, value: values[k]})
	}
	return s
}

// withErrors has 95% intervals of estimates.
func withErrors(times []float64, e []information.Estimate) (s spans) {
	for k := range e {
		s = append(s, span{times[k], e[k].Value, 1.96 * e[k].Error, 1.96 * e[k].Error})
	}
	return s
}

// spanned has intervals over seeds, none of one seed.
func spanned(times []float64, v []bootstrap.Interval) (s spans) {
	for k, i := range v {
		below, above := i.Mean-i.Low, i.High-i.Mean
		if math.IsInf(below, 0) || math.IsNaN(below) {
			below, above = 0, 0
		}
		s = append(s, span{times[k], i.Mean, below, above})
	}
	return s
}
