package flow_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"equifm/flow"
)

// The rate rises in a line, falls as half a cosine or not at all, and cools down
// from wherever it is.
func TestRate(t *testing.T) {
	warm := flow.Rate{LR: 2, Warmup: 4}
	cosine := flow.Rate{LR: 2, Steps: 100, Cosine: true}
	cool := flow.Rate{LR: 2, Steps: 100, Cooldown: 16}
	for _, c := range []struct {
		rate flow.Rate
		step int
		want float64
	}{
		{flow.Rate{LR: 2}, 1 << 40, 2},
		{warm, 0, 0.5}, {warm, 1, 1}, {warm, 3, 2}, {warm, 4, 2}, {warm, 99, 2},
		{cosine, 0, 2}, {cosine, 50, 1}, {cosine, 100, 0},
		{cool, 84, 2}, {cool, 88, 1}, {cool, 93, 2 * (1 - 0.75)}, {cool, 100, 0}, {cool, 105, 0}, {cosine, 130, 0},
		{flow.Rate{LR: 2, Steps: 100, Cosine: true, Warmup: 100, Cooldown: 64}, 50, 2 * 51 / 100. * 0.5 * (1 - math.Sqrt(14./64))},
	} {
		if got := c.rate.At(c.step); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%+v at step %d: %v, want %v", c.rate, c.step, got, c.want)
		}
	}
}

// Run takes the steps that Step does, at the rate it is given, up to the number in
// all; leaving its loop loses nothing.
func TestRunIsSteps(t *testing.T) {
	want, tr := newTrainer(t, 2), newTrainer(t, 2)
	rate := flow.Rate{LR: 1e-3, Steps: 8, Cosine: true}.At
	var last flow.Report
	for i := range 8 {
		want.LR = rate(i)
		last = steps(t, want, 1)
	}
	var seen []int
	var got flow.Report
	run := func(until, leave int) {
		for report, err := range tr.Run(until, rate) {
			if err != nil {
				t.Fatal(err)
			}
			seen, got = append(seen, report.Step), report
			if report.Step == leave {
				break
			}
		}
	}
	run(8, 3)
	run(5, 0)
	run(8, 0)
	run(8, 0)
	if !slices.Equal(seen, []int{1, 2, 3, 4, 5, 6, 7, 8}) || got != last || !slices.Equal(tr.Net.Params().Data, want.Net.Params().Data) {
		t.Errorf("steps %v, the last %+v, want %+v", seen, got, last)
	}
	tr.Net.Params().Data[0] = float32(math.NaN())
	failed := 0
	for _, err := range tr.Run(20, nil) {
		if failed++; err == nil || !strings.Contains(err.Error(), "step 9") {
			t.Errorf("error %v", err)
		}
	}
	if failed != 1 || tr.Steps != 8 {
		t.Errorf("%d failures end the run after step %d", failed, tr.Steps)
	}
}
