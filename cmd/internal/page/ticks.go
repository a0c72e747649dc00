package page

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// even marks round numbers, four or so; of a logarithmic axis powers of ten, or between
// them where there are few.
type even struct{ log bool }

func (e even) Ticks(low, high float64) (ticks []plot.Tick) {
	if !(high > low) {
		return []plot.Tick{{Value: low, Label: short(low)}}
	}
	if e.log {
		for _, digits := range [][]float64{{1}, {1, 3}, {1, 2, 5}} {
			if ticks = decades(low, high, digits); len(ticks) >= 3 {
				return thinned(ticks)
			}
		}
	}
	step := math.Pow(10, math.Floor(math.Log10(high-low)))
	for _, by := range []float64{0.2, 0.5, 1, 2} {
		if (high-low)/(step*by) <= 5 {
			step *= by
			break
		}
	}
	ticks = nil
	for k := math.Ceil(low/step - 1e-9); k*step <= high*(1+1e-12); k++ {
		ticks = append(ticks, plot.Tick{Value: k * step, Label: short(k * step)})
	}
	return ticks
}

// decades are digits times powers of ten.
func decades(low, high float64, digits []float64) (ticks []plot.Tick) {
	for power := math.Floor(math.Log10(low)); power <= math.Log10(high); power++ {
		for _, d := range digits {
			if v := d * math.Pow(10, power); v >= low*(1-1e-9) && v <= high*(1+1e-9) {
				ticks = append(ticks, plot.Tick{Value: v, Label: short(v)})
			}
		}
	}
	return ticks
}

// thinned keeps at most six.
func thinned(ticks []plot.Tick) (few []plot.Tick) {
	every := 1 + (len(ticks)-1)/6
	for k := 0; k < len(ticks); k += every {
		few = append(few, ticks[k])
	}
	return few
}

func short(v float64) string {
	switch {
	case v == 0: // or -0
		return "0"
	case math.Abs(v) < 1e-4:
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	return strconv.FormatFloat(math.Round(v*1e9)/1e9, 'f', -1, 64)
}
