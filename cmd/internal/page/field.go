package page

import (
	"fmt"

	"equifm/cmd/internal/measure"
	"equifm/cmd/internal/signs"

	"gonum.org/v1/plot/plotter"
)

// field draws what the findings rest on, by t.
func (b *book) field(m *signs.Measured) []Chart {
	if m == nil {
		return nil
	}
	of := func(f func(measure.Probed) float64) (points plotter.XYs) {
		for _, p := range m.Field {
			points = append(points, plotter.XY{X: p.T, Y: f(p)})
		}
		return points
	}
	at := fmt.Sprintf("at the true states of %d molecules", m.HeldOut)
	var faithful, evaluations plotter.XYs
	for _, p := range m.Field {
		faithful = append(faithful, plotter.XY{X: p.T, Y: 1 / p.T})
	}
	for k, n := range m.Adaptive.ByT {
		evaluations = append(evaluations, plotter.XY{X: (float64(k) + 0.5) / float64(len(m.Adaptive.ByT)), Y: n})
	}
	types := []curve{{"wrong", of(func(p measure.Probed) float64 { return 100 - p.Types }), true}}
	if m.Numbered {
		types = append(types, curve{"channels disagree", of(func(p measure.Probed) float64 { return p.Torn }), true})
	}
	return b.all([]panel{
		{title: "Positions that the network sees, Å off", note: at, x: "t", log: true, curves: []curve{{"x̂₀", of(func(p measure.Probed) float64 { return p.X }), true}}},
		{title: "Types that it sees, % of atoms", note: at, x: "t", zero: true, curves: types},
		{title: "Stiffness |∂v/∂y|", note: "per unit of t; 1/t is that of a field whose end point stays", x: "t", log: true,
			curves: []curve{{"measured", of(func(p measure.Probed) float64 { return p.Stiff }), true}, {"1/t", faithful, false}}},
		{title: "Error of equivariance", note: "|v(R·y) − R·v(y)| / |v|, by one rotation", x: "t", log: true, curves: []curve{{"turned", of(func(p measure.Probed) float64 { return p.Turned }), true}}},
		{title: "Evaluations of dopri5 by t", note: fmt.Sprintf("%.0f a molecule, mean of %d from noise", m.Adaptive.NFE, m.Adaptive.Molecules), x: "t", zero: true,
			curves: []curve{{"evaluations", evaluations, true}}},
	})
}
