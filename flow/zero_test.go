package flow_test

import (
	"slices"
	"strings"
	"testing"

	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/nn"
)

// bare is a network without parameters to speak of.
type bare struct{ egnn.Field[float32] }

func (*bare) Params() *nn.Params[float32] { return nil }

// What is left at zero works as documented, or is an error that says what is
// missing: nothing panics, divides by zero or returns empty molecules.
func TestTrainerOfZeros(t *testing.T) {
	type made struct {
		flow.Settings
		net      flow.Network[float32]
		o        nn.Optimizer[float32]
		examples []flow.Example[float32]
	}
	for name, c := range map[string]struct {
		change func(m *made)
		want   string // in the error; "" for none
	}{
		"as it is":            {func(m *made) {}, ""},
		"no workers":          {func(m *made) { m.Workers = 0 }, ""},
		"negative workers":    {func(m *made) { m.Workers = -1 }, "workers -1"},
		"many workers":        {func(m *made) { m.Workers = 1 << 40 }, ""},
		"no shard":            {func(m *made) { m.Shard = 0 }, "shard 0"},
		"no batch":            {func(m *made) { m.Batch = 0 }, "batch 0"},
		"no path":             {func(m *made) { m.Path = flow.Path{} }, "schedule"},
		"no average":          {func(m *made) { m.EMA = 0 }, ""},
		"an average of 1":     {func(m *made) { m.EMA = 1 }, "keeps 1"},
		"no transport":        {func(m *made) { m.Align = eot.Options{} }, ""},
		"no weights":          {func(m *made) { m.Weights = flow.Weights{} }, ""},
		"types, none":         {func(m *made) { m.Output.H = flow.FeatureTypes }, "0 types"},
		"no moments":          {func(m *made) { m.Output.X = flow.CoordinateResidual }, ""},
		"power law of -1":     {func(m *made) { m.Times = flow.TimeLaw{Kind: flow.PowerLaw, Power: -1} }, "power above -1"},
		"no network":          {func(m *made) { m.net = nil }, "no network"},
		"nil parameters":      {func(m *made) { m.net = &bare{} }, "parameters"},
		"no optimiser":        {func(m *made) { m.o = nil }, "no optimiser"},
		"no molecules":        {func(m *made) { m.examples = nil }, "no molecules"},
		"an empty molecule":   {func(m *made) { m.examples = make([]flow.Example[float32], 1) }, "molecule 1"},
		"features of no atom": {func(m *made) { m.examples[0].X = nil }, "molecule 1"},
	} {
		net := smallField[float32](t)
		m := made{settings(2), net, nn.NewAdamW(net.Params()), someMolecules[float32](5)}
		c.change(&m)
		tr, err := flow.NewTrainer(m.Settings, m.net, m.o, m.examples)
		if c.want != "" {
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: error %v, expected one of %q", name, err, c.want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r := steps(t, tr, 2); !(r.Loss.Total > 0) {
			t.Errorf("%s: %+v", name, r)
		}
		if _, err := tr.Validate(nil); err == nil || !strings.Contains(err.Error(), "validation set is empty") {
			t.Errorf("%s: validating on nothing: error %v", name, err)
		}
		wide := []flow.Example[float32]{{State: flow.State[float32]{X: make([]float32, 3), H: make([]float32, 4)}}}
		if _, err := tr.Validate(wide); err == nil || !strings.Contains(err.Error(), "validation set: 3 coordinates, 4 features") {
			t.Errorf("%s: validating on wider molecules: error %v", name, err)
		}
	}
	if _, err := flow.MeasureMoments[float32](nil, eot.Options{}, 1); err == nil {
		t.Error("moments are measured on nothing")
	}
}

func TestSamplerOfZeros(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s *flow.Sampler[float32])
		sizes  []int
		want   string // in the error; "" for none
	}{
		"only what must be": {func(s *flow.Sampler[float32]) {
			*s = flow.Sampler[float32]{Net: s.Net, Path: s.Path, Steps: 3, Features: s.Features}
		}, []int{3, 1}, ""},
		"no workers":        {func(s *flow.Sampler[float32]) { s.Workers = 0 }, []int{3, 1}, ""},
		"negative workers":  {func(s *flow.Sampler[float32]) { s.Workers = -2 }, []int{3}, "-2 workers"},
		"no shard":          {func(s *flow.Sampler[float32]) { s.Shard = 0 }, []int{3, 1}, ""},
		"negative shard":    {func(s *flow.Sampler[float32]) { s.Shard = -1 }, []int{3}, "shard -1"},
		"no grid":           {func(s *flow.Sampler[float32]) { s.Grid = -1 }, []int{3}, "Grid(-1)"},
		"no parameters":     {func(s *flow.Sampler[float32]) { s.Params = nil }, []int{3}, ""},
		"few parameters":    {func(s *flow.Sampler[float32]) { s.Params = []float32{} }, []int{3}, "0 numbers"},
		"no network":        {func(s *flow.Sampler[float32]) { s.Net = nil }, []int{3}, "no network"},
		"nil parameters":    {func(s *flow.Sampler[float32]) { s.Net = &bare{} }, []int{3}, "parameters"},
		"no path":           {func(s *flow.Sampler[float32]) { s.Path.H = nil }, []int{3}, "schedule"},
		"no solver":         {func(s *flow.Sampler[float32]) { s.Solver = 99 }, []int{3}, "Solver(99)"},
		"no steps":          {func(s *flow.Sampler[float32]) { s.Steps = 0 }, []int{3}, "0 steps"},
		"one step":          {func(s *flow.Sampler[float32]) { s.Steps = 1 }, []int{3}, ""},
		"no churn":          {func(s *flow.Sampler[float32]) { s.Solver = flow.Stochastic }, []int{3}, ""},
		"churn from noise":  {func(s *flow.Sampler[float32]) { s.Churn = flow.Churn{Factor: 2, From: 1} }, []int{3}, "t = 1"},
		"negative eta":      {func(s *flow.Sampler[float32]) { s.Eta = -1 }, []int{3}, "eta"},
		"types, none":       {func(s *flow.Sampler[float32]) { s.Output.H = flow.FeatureTypes }, []int{3}, "0 types"},
		"context, none":     {func(s *flow.Sampler[float32]) { s.Context = 1 }, []int{3}, "0 context values"},
		"no molecules":      {func(s *flow.Sampler[float32]) {}, nil, ""},
		"no atoms":          {func(s *flow.Sampler[float32]) {}, []int{3, 0}, "molecule 1"},
		"fewer than none":   {func(s *flow.Sampler[float32]) {}, []int{-1}, "-1 atoms"},
		"no end, not asked": {func(s *flow.Sampler[float32]) { s.End = 0 }, []int{3}, ""},
	} {
		s := sampler(t, 2)
		c.change(s)
		states, _, err := s.Sample(c.sizes, nil)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, expected one of %q", name, err, c.want)
		}
		for m, state := range states {
			if len(state.X) != 3*c.sizes[m] || len(state.H) != 3*c.sizes[m] || slices.Equal(state.X, make([]float32, 3*c.sizes[m])) && c.sizes[m] > 1 {
				t.Errorf("%s: molecule %d is %v", name, m, state)
			}
		}
	}
}

// Integrators of zeros: no dimension is no work, no tolerance the default.
func TestIntegratorOfZeros(t *testing.T) {
	still := func(float64, []float64, []float64) error { return nil }
	for s := ode.Euler; s <= ode.Dopri5; s++ {
		if _, err := ode.NewIntegrator[float64](s, ode.Control{}).Integrate(still, []float64{1, 0}, nil); err != nil {
			t.Errorf("%v: %v", s, err)
		}
	}
}
