package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// spent is a row of training.csv: what a model was worth after so much processor time.
type spent struct {
	series                string
	hours                 float64 // of a processor's threads
	stable, least, atMost float64 // molecules, percent, and the 95% interval
}

// drawTraining draws out/training.svg from the rows of out/training.csv, which are written
// by hand: each was measured once, by the command in its row.
func drawTraining(out string) error {
	f, err := os.Open(filepath.Join(out, "training.csv"))
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := readSpent(f.Name(), csv.NewReader(f))
	if err != nil {
		return err
	}
	data, err := trainingPicture(rows)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "training.svg"), data, 0o666)
}

// readSpent reads rows of series, cpu_minutes, molecule_stability, low, high (percent), and
// what else is said of them.
func readSpent(name string, r *csv.Reader) (all []spent, err error) {
	lines, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for k, line := range lines {
		if k == 0 {
			continue
		}
		var v [4]float64
		for i := range v {
			if i+1 >= len(line) {
				return nil, fmt.Errorf("%s, line %d: %d columns, expected series, cpu_minutes, molecule_stability, low, high", name, k+1, len(line))
			}
			if v[i], err = strconv.ParseFloat(line[i+1], 64); err != nil {
				return nil, fmt.Errorf("%s, line %d, %s: %w", name, k+1, lines[0][i+1], err)
			}
		}
		all = append(all, spent{line[0], v[0] / 60, v[1], v[2], v[3]})
	}
	return all, nil
}

// trainingPicture draws the share of stable molecules against processor time, as SVG.
func trainingPicture(rows []spent) ([]byte, error) {
	p := plot.New()
	p.Title.Text = "Molecules stable by EDM's rules (CHNO), and how long a model had learned; dashed: published (CHNOF)"
	p.Title.TextStyle.Font.Size = vg.Points(9)
	p.X.Label.Text, p.Y.Label.Text = "hours of one thread", "%"
	p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.ConstantTicks(ticks(0.1, 0.2, 0.5, 1, 2, 5, 10, 20))
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0.1, 24, 0, 100
	p.Add(plotter.NewGrid())
	for _, other := range published {
		line, err := plotter.NewLine(plotter.XYs{{X: p.X.Min, Y: other.stability}, {X: p.X.Max, Y: other.stability}})
		if err != nil {
			return nil, err
		}
		line.Dashes = plotutil.Dashes(1)
		label, err := plotter.NewLabels(plotter.XYLabels{XYs: plotter.XYs{{X: 12, Y: other.stability}}, Labels: []string{other.name}})
		if err != nil {
			return nil, err
		}
		label.TextStyle[0].Font.Size, label.TextStyle[0].YAlign = vg.Points(8), text.YTop
		if other.name == "GeoLDM" { // whose line lies next to EquiFM's
			label.TextStyle[0].YAlign = text.YBottom
		}
		p.Add(line, label)
	}
	for k, one := range bySeries(rows) {
		l, s, err := plotter.NewLinePoints(one)
		if err != nil {
			return nil, err
		}
		bars, err := plotter.NewYErrorBars(one)
		if err != nil {
			return nil, err
		}
		l.Color, s.Color, s.Shape, bars.Color = plotutil.Color(k), plotutil.Color(k), draw.CircleGlyph{}, plotutil.Color(k)
		p.Add(l, s, bars)
		p.Legend.Add(one.name, l, s)
	}
	p.Legend.Left, p.Legend.XOffs, p.Legend.YOffs, p.Legend.TextStyle.Font.Size = true, vg.Points(8), vg.Points(80), vg.Points(8)
	return svg(p, 300)
}

// series is the rows of one name, as a plotter takes them.
type series struct {
	name string
	plotter.XYs
	plotter.YErrors
}

func bySeries(rows []spent) (all []series) {
	for _, r := range rows {
		if len(all) == 0 || all[len(all)-1].name != r.series {
			all = append(all, series{name: r.series})
		}
		s := &all[len(all)-1]
		s.XYs = append(s.XYs, plotter.XY{X: r.hours, Y: r.stable})
		s.YErrors = append(s.YErrors, struct{ Low, High float64 }{r.stable - r.least, r.atMost - r.stable})
	}
	return all
}
