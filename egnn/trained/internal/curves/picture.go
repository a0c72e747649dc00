package main

import (
	"bytes"
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// published are what others report, percent of molecules stable: on QM9 with fluorine, which
// this copy of the data lacks, after weeks of training on graphics cards.
var published = []struct {
	name           string
	nfe, stability float64
}{{"EDM", 1000, 82.0}, {"GeoLDM", 1000, 89.4}, {"EquiFM", 210, 88.3}}

// picture draws the share of stable molecules against evaluations, as SVG.
func picture(points []point, number int) ([]byte, error) {
	p := plot.New()
	p.Title.Text = fmt.Sprintf("Molecules stable by EDM's rules, %d of each sample (CHNO); crosses: published (CHNOF)", number)
	p.Title.TextStyle.Font.Size = vg.Points(9)
	p.X.Label.Text, p.Y.Label.Text = "evaluations of the network for a molecule", "%"
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.ConstantTicks(ticks(5, 10, 20, 50, 100, 200, 500, 1000))
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 4, 1300, 0, 100
	p.Add(plotter.NewGrid())
	for k, how := range methods {
		var line plotter.XYs
		for _, one := range points {
			if one.method == how.name {
				line = append(line, plotter.XY{X: one.nfe, Y: 100 * one.share("molecule_stability")})
			}
		}
		slices.SortFunc(line, func(a, b plotter.XY) int { return int(a.X - b.X) })
		l, s, err := plotter.NewLinePoints(line)
		if err != nil {
			return nil, err
		}
		l.Color, s.Color, s.Shape, s.Radius = plotutil.Color(k), plotutil.Color(k), draw.CircleGlyph{}, vg.Points(2)
		if l.Dashes = plotutil.Dashes(0); !how.noisy() {
			l.Dashes = plotutil.Dashes(1)
		}
		p.Add(l, s)
		p.Legend.Add(how.name, l, s)
	}
	for _, other := range published {
		at := plotter.XYs{{X: other.nfe, Y: other.stability}}
		cross, err := plotter.NewScatter(at)
		if err != nil {
			return nil, err
		}
		cross.Shape, cross.Radius = draw.CrossGlyph{}, vg.Points(4)
		label, err := plotter.NewLabels(plotter.XYLabels{XYs: at, Labels: []string{other.name}})
		if err != nil {
			return nil, err
		}
		label.TextStyle[0].Font.Size, label.TextStyle[0].YAlign = vg.Points(8), text.YTop
		label.Offset = vg.Point{X: 4, Y: -3}
		p.Add(cross, label)
	}
	p.Legend.Top, p.Legend.Left, p.Legend.XOffs = true, true, vg.Points(8)
	p.Legend.TextStyle.Font.Size = vg.Points(8)
	return svg(p, 340)
}

// svg draws a plot 560 points wide.
func svg(p *plot.Plot, height float64) ([]byte, error) {
	writer, err := p.WriterTo(vg.Points(560), vg.Points(height), "svg")
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err = writer.WriteTo(&b)
	return b.Bytes(), err
}

func ticks(at ...float64) (all []plot.Tick) {
	for _, v := range at {
		all = append(all, plot.Tick{Value: v, Label: fmt.Sprint(v)})
	}
	return all
}
