package page

import (
	"bytes"
	"html/template"
	"image/color"
	"regexp"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Colours stand for those that the page's style has, light and dark: of what is written,
// of lines behind, and of series.
var (
	ink    = color.RGBA{1, 0, 0, 255}
	rule   = color.RGBA{2, 0, 0, 255}
	series = []color.Color{color.RGBA{3, 0, 0, 255}, color.RGBA{4, 0, 0, 255}, color.RGBA{5, 0, 0, 255}}
	filled = color.RGBA{6, 0, 0, 255}
)

var styled = strings.NewReplacer("#010000", "var(--soft)", "#020000", "var(--line)", "#030000", "var(--series-1)", "#040000", "var(--series-2)",
	"#050000", "var(--series-3)", "#060000", "var(--filled)")

// Chart is a picture, ready for the page.
type Chart struct {
	Title string
	Note  string
	Keys  []Key // of what is in it, if that is more than one thing
	SVG   template.HTML
}

// Key says which colour is what; Class is one of the page's style.
type Key struct{ Class, Name string }

// Size of a chart in points (1/72 inch); the page scales it.
const chartWidth, chartHeight = 300, 190

// newPlot returns an empty panel.
func newPlot(x string) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = color.Transparent
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Color, a.Label.TextStyle.Color, a.Tick.Color, a.Tick.Label.Color = ink, ink, ink, ink
		a.Label.TextStyle.Font, a.Tick.Label.Font = font.Font{Variant: "Sans", Size: 9}, font.Font{Variant: "Sans", Size: 8.5}
		a.LineStyle.Width, a.Tick.LineStyle.Width = vg.Points(0.6), vg.Points(0.6)
		a.Padding = 0
	}
	p.Y.LineStyle.Width, p.Y.Tick.Length = 0, 0
	p.X.Label.Text = x
	p.X.Tick.Marker, p.Y.Tick.Marker = even{}, even{}
	grid := plotter.NewGrid()
	grid.Vertical.Width = 0
	grid.Horizontal.Color, grid.Horizontal.Width = rule, vg.Points(0.5)
	p.Add(grid)
	return p
}

// addLine draws series number k.
func addLine(p *plot.Plot, k int, points plotter.XYs, dots bool) error {
	if len(points) == 0 {
		return nil
	}
	line, marks, err := plotter.NewLinePoints(points)
	if err != nil {
		return err
	}
	line.Color, line.Width = series[k%len(series)], vg.Points(1.3)
	marks.Color, marks.Shape, marks.Radius = series[k%len(series)], draw.CircleGlyph{}, vg.Points(1.8)
	p.Add(line)
	if dots || len(points) == 1 {
		p.Add(marks)
	}
	return nil
}

var head = regexp.MustCompile(`(?s)^.*?<svg[^>]*viewBox="([^"]*)"[^>]*>`)

var fonts = regexp.MustCompile(`font-family:[^;]*;font-variant:[^;]*;font-weight:[^;]*;font-style:[^;]*;?`)

// chart draws a panel as a part of the page.
func chart(title, note string, keys []Key, p *plot.Plot) (Chart, error) {
	canvas := vgsvg.New(vg.Points(chartWidth), vg.Points(chartHeight))
	area := draw.New(canvas)
	p.Draw(draw.Crop(area, vg.Points(2), -vg.Points(8), vg.Points(2), -vg.Points(4)))
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return Chart{}, err
	}
	text := head.ReplaceAllString(b.String(), `<svg viewBox="$1" role="img" aria-label="`+template.HTMLEscapeString(title)+`">`)
	text = fonts.ReplaceAllString(text, "")
	return Chart{title, note, keys, template.HTML(styled.Replace(text))}, nil // drawn here, of numbers and of names that the canvas escapes
}
