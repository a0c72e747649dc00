package page

import (
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
)

// curve is a line of a panel; numbers that are not finite are left out of the picture.
type curve struct {
	name   string
	points plotter.XYs
	dots   bool
}

// panel is a picture of curves.
type panel struct {
	title, note string
	x           string // what the horizontal axis is
	log         bool   // the vertical axis is logarithmic
	zero        bool   // it begins at 0
	curves      []curve
}

// draw draws a panel and writes its numbers down; false where there is nothing to draw.
func (b *book) draw(p panel) (Chart, bool) {
	picture, any := newPlot(p.x), false
	var keys []Key
	for k, c := range p.curves {
		var there plotter.XYs
		for _, at := range c.points {
			b.point(p.title, c.name, at.X, at.Y)
			if math.IsNaN(at.Y) || math.IsInf(at.Y, 0) || p.log && at.Y <= 0 {
				continue
			}
			there = append(there, at)
		}
		any = any || len(there) > 0
		if len(there) > 0 && len(p.curves) > 1 {
			keys = append(keys, Key{fmt.Sprintf("series-%d", k+1), c.name})
		}
		b.keep(addLine(picture, k, there, c.dots))
	}
	if !any || b.err != nil {
		return Chart{}, false
	}
	if p.zero {
		picture.Y.Min = 0
	}
	if p.log {
		picture.Y.Scale, picture.Y.Tick.Marker = plot.LogScale{}, even{log: true}
		if picture.Y.Min == picture.Y.Max {
			picture.Y.Min, picture.Y.Max = picture.Y.Min/2, picture.Y.Max*2
		}
	}
	c, err := chart(p.title, p.note, keys, picture)
	b.keep(err)
	return c, err == nil
}

func (b *book) keep(err error) {
	if b.err == nil {
		b.err = err
	}
}

// all draws the panels that have something to show.
func (b *book) all(panels []panel) (charts []Chart) {
	for _, p := range panels {
		if c, ok := b.draw(p); ok {
			charts = append(charts, c)
		}
	}
	return charts
}
