package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"equifm/flow"

	"gonum.org/v1/plot/plotter"
)

// Loss is a line of a run's log.jsonl, as far as a page shows it.
type Loss struct {
	Step int     `json:"step"`
	Loss float64 `json:"loss"`
	X    float64 `json:"x"`
	H    float64 `json:"h"`

	XByT [flow.TimeBins]*float64 `json:"x_by_t"`
	HByT [flow.TimeBins]*float64 `json:"h_by_t"`

	Valid *struct {
		Loss float64                `json:"loss"`
		X    float64                `json:"x"`
		H    float64                `json:"h"`
		XByT [flow.TimeBins]float64 `json:"x_by_t"`
		HByT [flow.TimeBins]float64 `json:"h_by_t"`
	} `json:"valid"`
}

// ReadLosses reads a log up to a step; lines that are none are passed over, and no log is
// no losses.
func ReadLosses(path string, last int) (losses []Loss, err error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for line := range bytes.Lines(text) {
		var l Loss
		if json.Unmarshal(line, &l) == nil && l.Step >= 1 && l.Step <= last {
			losses = append(losses, l)
		}
	}
	return losses, err
}

// training draws how the losses went, and where in t they are in the end.
func (b *book) training(losses []Loss) []Chart {
	var all, x, h, held, heldX, heldH plotter.XYs
	var last *Loss
	for i := range losses {
		l := &losses[i]
		at := func(y float64) plotter.XY { return plotter.XY{X: float64(l.Step), Y: y} }
		all, x, h = append(all, at(l.Loss)), append(x, at(l.X)), append(h, at(l.H))
		if l.Valid != nil {
			held, heldX, heldH = append(held, at(l.Valid.Loss)), append(heldX, at(l.Valid.X)), append(heldH, at(l.Valid.H))
			last = l
		}
	}
	panels := []panel{
		{title: "Training loss", note: "with the run's weights and law of t", x: "step", log: true, curves: []curve{{"loss", all, false}}},
		{title: "Its parts, an atom", note: "mean square errors of the velocity", x: "step", log: true, curves: []curve{{"coordinates, Å²", x, false}, {"features", h, false}}},
		{title: "Held-out loss", note: "averaged weights, uniform t, published weights of the parts", x: "step", log: true, curves: []curve{{"loss", held, true}}},
		{title: "Held-out parts, an atom", note: "the same errors, at uniform t", x: "step", log: true, curves: []curve{{"coordinates, Å²", heldX, true}, {"features", heldH, true}}},
	}
	return b.all(append(panels, byTime(losses, last)...))
}

// byTime draws the loss by tenths of t: of the last steps, and of molecules held out.
func byTime(losses []Loss, held *Loss) (panels []panel) {
	if len(losses) == 0 {
		return nil
	}
	end := &losses[len(losses)-1]
	for _, part := range []struct {
		title string
		run   [flow.TimeBins]*float64
		held  func(k int) float64
	}{{"Coordinates by t, Å² an atom", end.XByT, func(k int) float64 { return held.Valid.XByT[k] }},
		{"Features by t, an atom", end.HByT, func(k int) float64 { return held.Valid.HByT[k] }}} {
		var run, out plotter.XYs
		for k := range flow.TimeBins {
			t := (float64(k) + 0.5) / flow.TimeBins
			if part.run[k] != nil {
				run = append(run, plotter.XY{X: t, Y: *part.run[k]})
			}
			if held != nil {
				out = append(out, plotter.XY{X: t, Y: part.held(k)})
			}
		}
		panels = append(panels, panel{title: part.title, note: fmt.Sprintf("tenths of t, at step %d; t = 0 is data", end.Step), x: "t",
			log: true, curves: []curve{{"training", run, true}, {"held out", out, true}}})
	}
	return panels
}
