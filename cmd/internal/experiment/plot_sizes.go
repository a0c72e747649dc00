package experiment

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// sizePanels draws every figure by the number of atoms.
func (o *Outcome) sizePanels() (panels []*plot.Plot, err error) {
	if len(o.sizesOf()) == 0 {
		return nil, nil
	}
	for _, key := range o.sweepKeys() {
		p, err := o.sizePanel(key)
		if err != nil {
			return nil, err
		}
		panels = append(panels, p)
	}
	return panels, nil
}

// sizePanel draws a figure, a line with intervals for every arm.
func (o *Outcome) sizePanel(key string) (p *plot.Plot, err error) {
	f := figures[key]
	p = panel(head(f))
	p.X.Label.Text = "atoms"
	p.X.Scale = plot.LogScale{}
	least, most, k := math.MaxInt, 0, 0
	o.eachSized(func(a *Arm) {
		var points sizeCurve
		for place, n := range a.Sizes {
			if v := sizedFigure(key, place).values(a).Interval(); finite(v) {
				points = append(points, sizePoint{float64(n), v.Mean, v.Mean - v.Low, v.High - v.Mean})
			}
		}
		least, most = min(least, a.Sizes[0]), max(most, a.Sizes[len(a.Sizes)-1])
		if len(points) > 0 && err == nil {
			err = points.add(p, a.Name, k)
		}
		k++
	})
	var ticks []plot.Tick
	for _, n := range []int{1, 2, 5, 10, 20, 30, 50, 100, 200, 500, 1000} {
		if n >= least && n <= most {
			ticks = append(ticks, plot.Tick{Value: float64(n), Label: fmt.Sprint(n)})
		}
	}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
	p.X.Min, p.X.Max = 0.9*float64(least), 1.1*float64(most) // said, since a logarithm has none of no points
	p.Legend.Top = f.Better < 0
	p.Legend.TextStyle.Font.Size, p.Legend.ThumbnailWidth = vg.Points(6), vg.Points(14)
	return p, err
}

// sizePoint is a mean over x, with what its interval has on both sides of it.
type sizePoint struct{ x, mean, below, above float64 }

type sizeCurve []sizePoint

func (c sizeCurve) Len() int                         { return len(c) }
func (c sizeCurve) XY(i int) (x, y float64)          { return c[i].x, c[i].mean }
func (c sizeCurve) YError(i int) (low, high float64) { return c[i].below, c[i].above }

// add draws the line number k, its dots and their intervals.
func (c sizeCurve) add(p *plot.Plot, name string, k int) error {
	line, dots, err := plotter.NewLinePoints(c)
	if err != nil {
		return err
	}
	bars, err := plotter.NewYErrorBars(c)
	if err != nil {
		return err
	}
	line.Color, dots.Color, bars.Color = plotutil.Color(k), plotutil.Color(k), plotutil.Color(k)
	line.Dashes, dots.Shape, dots.Radius = plotutil.Dashes(k), draw.CircleGlyph{}, vg.Points(2)
	p.Add(line, dots, bars)
	p.Legend.Add(name, line, dots)
	return nil
}
