package page

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"equifm/molecule/metrics"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// A page has so many kinds of each, the most frequent of the data.
const lengthKinds, angleKinds = 8, 4

// Widths that a histogram's bars may have, the narrowest first.
var lengthBars, angleBars = []float64{0.002, 0.005, 0.01, 0.02, 0.03}, []float64{1, 2, 3, 5, 10} // Å, °

// shapes draws histograms of bond lengths and angles, with the distance from the data's.
func (b *book) shapes(sample, data *metrics.Shapes) []Chart {
	if sample == nil {
		return nil
	}
	var reference = metrics.NewShapes()
	if data != nil {
		reference = data
	}
	return append(b.histograms("Length of ", "Å", lengthKinds, lengthBars, sample.Lengths, reference.Lengths),
		b.histograms("Angle at ", "°", angleKinds, angleBars, sample.Angles, reference.Angles)...)
}

func (b *book) histograms(of, unit string, most int, bars []float64, sample, data map[metrics.Kind]*metrics.Bins) (charts []Chart) {
	by := data
	if len(by) == 0 {
		by = sample
	}
	kinds := slices.SortedFunc(maps.Keys(by), func(x, y metrics.Kind) int {
		return cmp.Or(cmp.Compare(by[y].N, by[x].N), cmp.Compare(x.String(), y.String()))
	})
	for _, kind := range kinds {
		if sample[kind] == nil || len(charts) == most {
			continue
		}
		title := of + kind.String() + ", " + unit
		c, err := b.histogram(title, unit, barOf(sample[kind], data[kind], bars), sample[kind], data[kind])
		if b.keep(err); err == nil {
			charts = append(charts, c)
		}
	}
	return charts
}

// histogram draws one kind: the data filled, the sample as a line.
func (b *book) histogram(title, unit string, bar float64, sample, data *metrics.Bins) (Chart, error) {
	p, note := newPlot(""), fmt.Sprintf("%d of the sample", sample.N)
	low, high := within(sample, bar, rare)
	keys := []Key{{"series-1", "sample"}}
	if data != nil {
		dataLow, dataHigh := within(data, bar, rare)
		low, high = min(low, dataLow), max(high, dataHigh)
		area, err := plotter.NewPolygon(b.steps(title, "data", bar, data, low, high, true))
		if err != nil {
			return Chart{}, err
		}
		area.Color, area.LineStyle.Width = filled, 0
		p.Add(area)
		keys = append(keys, Key{"filled", "data"})
		w := metrics.Wasserstein(sample, data)
		note = fmt.Sprintf("1-Wasserstein %.2g %s; %d of the sample, %d of the data", w, unit, sample.N, data.N)
		if unit == "Å" {
			note = fmt.Sprintf("1-Wasserstein %.1f mÅ; %d of the sample, %d of the data", 1000*w, sample.N, data.N)
		}
		b.point("1-Wasserstein distance", title, unit, w)
	}
	line, err := plotter.NewLine(b.steps(title, "sample", bar, sample, low, high, false))
	if err != nil {
		return Chart{}, err
	}
	line.Color, line.Width = series[0], vg.Points(1.3)
	p.Add(line)
	p.X.Min, p.X.Max, p.Y.Min = float64(low)*bar, float64(high+1)*bar, 0
	p.Y.Tick.Marker = nothing{}
	return chart(title, note, keys, p)
}

// rare is the part of a distribution on each side that a picture leaves out.
const rare = 0.002

// within returns the bars between which all lies but a part on each side.
func within(b *metrics.Bins, bar, part float64) (low, high int) {
	return int(quantile(b, part)/bar) - 1, int(quantile(b, 1-part)/bar) + 1
}

// quantile is the value below which a part of a distribution lies.
func quantile(b *metrics.Bins, part float64) float64 {
	seen := 0
	for i, n := range b.Counts {
		if seen += n; float64(seen) > part*float64(b.N) {
			return (float64(i) + 0.5) * b.Width
		}
	}
	return float64(len(b.Counts)) * b.Width
}

// barOf returns a width of which so many make up nine tenths of a distribution, or of the
// geometric mean of two, as the values of the sample are enough for.
func barOf(sample, data *metrics.Bins, bars []float64) float64 {
	wide := quantile(sample, 0.95) - quantile(sample, 0.05)
	if data != nil {
		wide = math.Sqrt(wide * (quantile(data, 0.95) - quantile(data, 0.05)))
	}
	for _, bar := range bars {
		if bar >= wide/min(25, max(6, 1.5*math.Sqrt(float64(sample.N)))) {
			return bar
		}
	}
	return bars[len(bars)-1]
}

// steps are the outline of a histogram, as a density, from one bar to another.
func (b *book) steps(title, name string, bar float64, of *metrics.Bins, low, high int, closed bool) (outline plotter.XYs) {
	counts := make([]int, high-low+1)
	for i, n := range of.Counts {
		if k := int((float64(i)+0.5)*of.Width/bar) - low; k >= 0 && k < len(counts) {
			counts[k] += n
		}
	}
	if closed {
		outline = append(outline, plotter.XY{X: float64(low) * bar})
	}
	for k, n := range counts {
		density, from := float64(n)/float64(of.N)/bar, float64(low+k)*bar
		b.point(title, name, fmt.Sprintf("%.6g", from+bar/2), density)
		outline = append(outline, plotter.XY{X: from, Y: density}, plotter.XY{X: from + bar, Y: density})
	}
	if closed {
		outline = append(outline, plotter.XY{X: float64(high+1) * bar})
	}
	return outline
}

// nothing marks no places on an axis.
type nothing struct{}

func (nothing) Ticks(_, _ float64) []plot.Tick { return nil }
