package experiment

import (
	"fmt"
	"io"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// A picture has so many panels in a row, of so many points (1/72 inch) each.
const (
	panelColumns = 3
	panelWidth   = 300
	panelHeight  = 220
)

// SVG draws the outcome: a panel for every figure with its intervals, and one for
// every figure by evaluations of the network.
func (o *Outcome) SVG(w io.Writer) error {
	var panels []*plot.Plot
	for _, key := range o.File.Figures {
		if p, err := o.armsPanel(key); err != nil {
			return err
		} else if p != nil {
			panels = append(panels, p)
		}
	}
	if len(o.File.Measure.NFE) > 0 {
		for _, key := range o.sweepKeys() {
			p, err := o.sweepPanel(key)
			if err != nil {
				return err
			}
			panels = append(panels, p)
		}
	}
	sized, err := o.sizePanels()
	if err != nil {
		return err
	}
	panels = append(panels, sized...)
	told, err := o.toldPanels()
	if err != nil {
		return err
	}
	panels = append(panels, told...)
	if len(panels) == 0 {
		p := plot.New()
		p.Title.Text = "every arm failed"
		panels = append(panels, p)
	}
	return tiled(w, panels)
}

// armsPanel draws a figure of the arms, the first on top; nil if there are none.
func (o *Outcome) armsPanel(key string) (*plot.Plot, error) {
	f := figures[key]
	var points intervals
	var names []string
	for i := len(o.Arms) - 1; i >= 0; i-- {
		a := &o.Arms[i]
		names = append(names, a.Name)
		if failed, _ := a.Failures(); len(failed) > 0 {
			continue
		}
		if v := f.values(a).Interval(); !math.IsNaN(v.Mean + v.High - v.Low) {
			points = append(points, interval{v.Mean, float64(len(names) - 1), v.Mean - v.Low, v.High - v.Mean})
		}
	}
	if len(points) == 0 {
		return nil, nil
	}
	p := panel(head(f))
	p.NominalY(names...)
	p.Y.Tick.Label.XAlign = draw.XRight
	p.Y.Min, p.Y.Max = -0.5, float64(len(names))-0.5
	if err := points.add(p); err != nil {
		return nil, err
	}
	return p, nil
}

// sweepPanel draws a figure by evaluations of the network, a line for every arm.
func (o *Outcome) sweepPanel(key string) (*plot.Plot, error) {
	f := figures[key]
	p := panel(head(f))
	p.X.Label.Text = "evaluations of the network"
	p.X.Scale = plot.LogScale{}
	var ticks []plot.Tick
	for _, n := range o.File.Measure.NFE {
		ticks = append(ticks, plot.Tick{Value: float64(n), Label: fmt.Sprint(n)})
	}
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
	var err error
	k := 0
	o.eachSwept(func(a *Arm, label string, places []int) {
		var points plotter.XYs
		for _, place := range places {
			if v := sweptFigure(key, place).mean(a); !math.IsNaN(v) {
				points = append(points, plotter.XY{X: float64(a.Results[0].Sweep[place].NFE), Y: v})
			}
		}
		if len(points) == 0 {
			return
		}
		line, dots, newErr := plotter.NewLinePoints(points)
		if newErr != nil {
			err = newErr
			return
		}
		line.Color, dots.Color, dots.Shape = plotutil.Color(k), plotutil.Color(k), draw.CircleGlyph{}
		line.Dashes = plotutil.Dashes(k)
		dots.Radius = vg.Points(2)
		p.Add(line, dots)
		p.Legend.Add(label, line, dots)
		k++
	})
	p.Legend.Top = f.Better < 0
	p.Legend.TextStyle.Font.Size, p.Legend.ThumbnailWidth = vg.Points(6), vg.Points(14)
	return p, err
}

func panel(title string) *plot.Plot {
	p := plot.New()
	p.Title.Text = title
	p.Title.TextStyle.Font.Size = vg.Points(10)
	p.X.Tick.Label.Font.Size, p.Y.Tick.Label.Font.Size = vg.Points(8), vg.Points(8)
	p.X.Label.TextStyle.Font.Size = vg.Points(8)
	p.Add(plotter.NewGrid())
	return p
}

// interval is a mean at a height, with what the interval has on both sides of it.
type interval struct{ mean, at, below, above float64 }

type intervals []interval

func (v intervals) Len() int                         { return len(v) }
func (v intervals) XY(i int) (x, y float64)          { return v[i].mean, v[i].at }
func (v intervals) XError(i int) (low, high float64) { return v[i].below, v[i].above }

// add draws dots with their intervals, which of one seed may be endless and are then
// left out.
func (v intervals) add(p *plot.Plot) error {
	for i := range v {
		if math.IsInf(v[i].below, 0) {
			v[i].below, v[i].above = 0, 0
		}
	}
	bars, err := plotter.NewXErrorBars(v)
	if err != nil {
		return err
	}
	dots, err := plotter.NewScatter(v)
	if err != nil {
		return err
	}
	bars.Color, dots.Color, dots.Shape, dots.Radius = plotutil.Color(0), plotutil.Color(0), draw.CircleGlyph{}, vg.Points(3)
	p.Add(bars, dots)
	return nil
}

// tiled draws panels row by row.
func tiled(w io.Writer, panels []*plot.Plot) error {
	columns := min(panelColumns, len(panels))
	rows := (len(panels) + columns - 1) / columns
	grid := make([][]*plot.Plot, rows)
	for i := range grid {
		grid[i] = make([]*plot.Plot, columns)
		copy(grid[i], panels[i*columns:min((i+1)*columns, len(panels))])
	}
	canvas := vgsvg.New(vg.Points(float64(panelWidth*columns)), vg.Points(float64(panelHeight*rows)))
	tiles := draw.Tiles{Rows: rows, Cols: columns, PadX: vg.Points(12), PadY: vg.Points(12), PadTop: vg.Points(4), PadBottom: vg.Points(4), PadLeft: vg.Points(4), PadRight: vg.Points(8)}
	for i, line := range plot.Align(grid, tiles, draw.New(canvas)) {
		for k, cell := range line {
			if grid[i][k] != nil {
				grid[i][k].Draw(cell)
			}
		}
	}
	_, err := canvas.WriteTo(w)
	return err
}
