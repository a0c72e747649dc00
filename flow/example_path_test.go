package flow_test

import (
	"fmt"
	"math"

	"equifm/flow"
	"equifm/flow/schedule"
)

// trigonometric is the straight turn of Albergo and Vanden-Eijnden 2023 (arXiv
// 2209.15571), α = cos(πt/2) and σ = sin(πt/2), whose velocity the network is to
// answer: q = dx/dt.
type trigonometric struct{}

func (trigonometric) String() string { return "trigonometric" }

func (trigonometric) At(t float64) schedule.Coefficients {
	sin, cos := math.Sincos(math.Pi / 2 * t)
	w := math.Pi / 2
	return schedule.Coefficients{
		Alpha: cos, Sigma: sin,
		DAlpha: -w * sin, DSigma: w * cos,
		QData: -w * sin, QNoise: w * cos, M: 1,
		EndState: cos, EndQ: -sin / w, // cos·xt - sin·(w·cos·z - w·sin·x0)/w = x0
	}
}

// A path of one's own is a schedule, for coordinates, for features or for both.
func ExamplePath() {
	path := flow.Path{X: schedule.Linear{}, H: trigonometric{}}
	data, noise := flow.State[float64]{H: []float64{0.25}}, flow.State[float64]{H: []float64{-0.8}}
	at, q, back := flow.State[float64]{H: make([]float64, 1)}, flow.State[float64]{H: make([]float64, 1)}, flow.State[float64]{H: make([]float64, 1)}
	for _, t := range []float64{0, 0.5, 1} {
		flow.Interpolate(path, t, data, noise, at, q)
		flow.EndPoint(path, t, at, q, back)
		fmt.Printf("t = %.1f: h = %6.3f, dh/dt = %6.3f, seen behind it %.2f\n", t, at.H[0], q.H[0], back.H[0])
	}
	// Output:
	// t = 0.0: h =  0.250, dh/dt = -1.257, seen behind it 0.25
	// t = 0.5: h = -0.389, dh/dt = -1.166, seen behind it 0.25
	// t = 1.0: h = -0.800, dh/dt = -0.393, seen behind it 0.25
}
