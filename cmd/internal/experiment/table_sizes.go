package experiment

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// sizes writes quality by the number of atoms that molecules are sampled of.
func (o *Outcome) sizes(w io.Writer) {
	lists := o.sizesOf()
	if len(lists) == 0 {
		return
	}
	for _, key := range o.sweepKeys() {
		f := figures[key]
		fmt.Fprintf(w, "## %s by size\n\n%d molecules of each number of atoms, by the arm's own sampler; means over seeds with 95%% intervals. %s.\n\n",
			upper(f.Title), o.File.Measure.Number, head(f))
		for _, sizes := range lists {
			o.sizedTable(w, key, sizes)
		}
		o.sizedAgainst(w, key)
	}
	o.sizedWords(w)
}

// sizedTable writes a figure of the arms that have these sizes.
func (o *Outcome) sizedTable(w io.Writer, key string, sizes []int) {
	row(w, append([]string{"arm"}, sizeHeads(sizes)...)...)
	row(w, rule(1+len(sizes))...)
	o.eachSized(func(a *Arm) {
		if !slices.Equal(a.Sizes, sizes) {
			return
		}
		cells := []string{a.Name}
		for p := range sizes {
			cells = append(cells, cell(figures[key], sizedFigure(key, p).values(a).Interval()))
		}
		row(w, cells...)
	})
	fmt.Fprintln(w)
}

func sizeHeads(sizes []int) (heads []string) {
	for _, n := range sizes {
		heads = append(heads, fmt.Sprintf("N = %d", n))
	}
	return heads
}

// sizedPairs calls f with every arm that has the sizes of the one it is compared with.
func (o *Outcome) sizedPairs(f func(a, other *Arm)) {
	for i := range o.Arms {
		a, other := &o.Arms[i], o.against(i)
		if other != nil && len(a.Sizes) > 0 && slices.Equal(a.Sizes, other.Sizes) && len(a.Results) == len(other.Results) && a.sized() && other.sized() {
			f(a, other)
		}
	}
}

// sizedVerdict judges an arm against another by a figure at one size.
func sizedVerdict(a, other *Arm, key string, place int) Verdict {
	f := sizedFigure(key, place)
	v := Verdict{Arm: a.Name, Against: other.Name, Key: key, Difference: f.values(a).Minus(f.values(other)).Interval()}
	v.Text = word(v.Difference, f.Better, len(a.Results))
	return v
}

// sizedAgainst writes the differences at equal sizes, in bold where something may be said.
func (o *Outcome) sizedAgainst(w io.Writer, key string) {
	first := true
	o.sizedPairs(func(a, other *Arm) {
		if first {
			fmt.Fprintf(w, "Against others at equal sizes, in pairs; in bold where the interval does not have 0 in it.\n\n")
			row(w, append([]string{"arm", "against"}, sizeHeads(a.Sizes)...)...)
			row(w, rule(2+len(a.Sizes))...)
			first = false
		}
		cells := []string{a.Name, other.Name}
		for p := range a.Sizes {
			v := sizedVerdict(a, other, key, p)
			text := signed(figures[key], v.Difference)
			if v.Text != tooFew && v.Text != equal {
				text = "**" + text + "**"
			}
			cells = append(cells, text)
		}
		row(w, cells...)
	})
	if !first {
		fmt.Fprintln(w)
	}
}

// sizedWords says in a line for every pair and figure at which sizes there is a difference.
func (o *Outcome) sizedWords(w io.Writer) {
	var lines []string
	o.sizedPairs(func(a, other *Arm) {
		for _, key := range o.sweepKeys() {
			at := map[string][]int{}
			var words []string
			for p, n := range a.Sizes {
				text := sizedVerdict(a, other, key, p).Text
				if at[text] == nil {
					words = append(words, text)
				}
				at[text] = append(at[text], n)
			}
			var parts []string
			for _, text := range words {
				parts = append(parts, fmt.Sprintf("%s at %s atoms", text, strings.ReplaceAll(spaced(at[text]), " ", ", ")))
			}
			lines = append(lines, fmt.Sprintf("- %s against %s, %s: %s.", a.Name, other.Name, figures[key].Title, strings.Join(parts, "; ")))
		}
	})
	if len(lines) > 0 {
		fmt.Fprintf(w, "## What may be said by size\n\n%s\n\n", strings.Join(lines, "\n"))
	}
}

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
