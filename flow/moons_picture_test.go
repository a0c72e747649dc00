package flow_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"strings"

	"equifm/flow"
)

var svg = flag.String("svg", "", "file to draw the two moons in")

// meanAndSpread returns the mean and standard deviation of a feature.
func meanAndSpread(points []flow.State[float32], k int) (mean, spread float64) {
	for _, p := range points {
		mean += float64(p.H[k]) / float64(len(points))
	}
	for _, p := range points {
		spread += math.Pow(float64(p.H[k])-mean, 2) / float64(len(points))
	}
	return mean, math.Sqrt(spread)
}

// states returns what examples are of.
func states(examples []flow.Example[float32]) (s []flow.State[float32]) {
	for _, e := range examples {
		s = append(s, e.State)
	}
	return s
}

// nearAMoon returns the share of points within four standard deviations of a moon's
// noise, 0.2, of one of the half circles.
func nearAMoon(points []flow.State[float32]) (share float64) {
	for _, p := range points {
		x, y := float64(p.H[0]), float64(p.H[1])
		if fromArc(x, y) < 0.2 || fromArc(1-x, 0.5-y) < 0.2 {
			share += 1 / float64(len(points))
		}
	}
	return share
}

// fromArc is the distance from the upper half of the unit circle.
func fromArc(x, y float64) float64 {
	if y >= 0 {
		return math.Abs(math.Hypot(x, y) - 1)
	}
	return math.Hypot(math.Abs(x)-1, y)
}

// drawMoons draws the data in grey and the sample in blue, if asked to.
func drawMoons(data []flow.Example[float32], sample []flow.State[float32]) {
	if *svg == "" {
		return
	}
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" width="720" height="480" viewBox="-1.8 -1.5 4.5 3">` + "\n")
	dots := func(points []flow.State[float32], colour string) {
		for _, p := range points {
			fmt.Fprintf(&b, "<circle cx=\"%.3f\" cy=\"%.3f\" r=\"0.015\" fill=\"%s\"/>\n", p.H[0], 0.25-(p.H[1]-0.25), colour)
		}
	}
	dots(states(data), "#bbb")
	dots(sample, "#06c")
	b.WriteString("</svg>\n")
	if err := os.WriteFile(*svg, []byte(b.String()), 0o666); err != nil {
		panic(err)
	}
}
