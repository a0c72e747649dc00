package flow_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"equifm/eot"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn"
)

// paired are molecules whose noise is -2 times their places, and 3 times their features.
func paired(count int) []flow.Example[float32] {
	examples := someMolecules[float32](count)
	for i, e := range examples {
		z := &flow.State[float32]{}
		for _, v := range e.X {
			z.X = append(z.X, -2*v)
		}
		for _, v := range e.H {
			z.H = append(z.H, 3*v)
		}
		examples[i].Noise = z
	}
	return examples
}

// Molecules with a noise of their own are shown on the way from that, at the times of
// those without; both are turned together.
func TestNoiseOfTheirOwn(t *testing.T) {
	for _, rotate := range []bool{false, true} {
		alone := func(s *flow.Settings) { s.Align, s.Rotate = eot.Options{}, rotate }
		drawn, own := seen(t, alone), seenOf(t, paired(23), alone)
		if !slices.Equal(own.times, drawn.times) || !slices.Equal(own.sizes, drawn.sizes) || !slices.Equal(own.data.X, drawn.data.X) || !slices.Equal(own.data.H, drawn.data.H) {
			t.Error("other molecules, poses or times where the noise is theirs")
		}
		atom := 0
		for m, n := range own.sizes {
			x, h := flow.Hybrid.X.At(own.times[m]), flow.Hybrid.H.At(own.times[m])
			for i := 3 * atom; i < 3*(atom+n); i++ {
				x0, h0 := float64(own.data.X[i]), float64(own.data.H[i])
				for what, pair := range map[string][2]float64{
					"noise of places":    {float64(own.noise.X[i]), -2 * x0},
					"noise of features":  {float64(own.noise.H[i]), 3 * h0},
					"places":             {float64(own.at.X[i]), (x.Alpha - 2*x.Sigma) * x0},
					"features":           {float64(own.at.H[i]), (h.Alpha + 3*h.Sigma) * h0},
					"target of places":   {float64(own.aim.X[i]), (x.QData - 2*x.QNoise) * x0},
					"target of features": {float64(own.aim.H[i]), (h.QData + 3*h.QNoise) * h0},
				} {
					if math.Abs(pair[0]-pair[1]) > 1e-5 {
						t.Fatalf("rotate %t, molecule %d at t = %.3f: %s %v, expected %v", rotate, m, own.times[m], what, pair[0], pair[1])
					}
				}
			}
			atom += n
		}
	}
}

// From NoiseFrom on noise is theirs, and before it what is drawn for molecules without.
func TestNoiseOfTheirOwnFromATime(t *testing.T) {
	const from = 0.5
	alone := func(s *flow.Settings) { s.Align = eot.Options{} }
	examples := paired(23)
	for i := range examples {
		examples[i].NoiseFrom = from
	}
	drawn, own, mixed := seen(t, alone), seenOf(t, paired(23), alone), seenOf(t, examples, alone)
	atom, before := 0, 0
	for m, n := range mixed.sizes {
		want := own
		if mixed.times[m] < from {
			want = drawn
			before++
		}
		if !slices.Equal(mixed.noise.X[3*atom:3*(atom+n)], want.noise.X[3*atom:3*(atom+n)]) {
			t.Errorf("molecule %d at t = %.3f: another noise", m, mixed.times[m])
		}
		atom += n
	}
	if before == 0 || before == len(mixed.sizes) {
		t.Fatalf("%d of %d molecules before t = %g", before, len(mixed.sizes), from)
	}
}

// A noise of their own is asked to be as wide as they are, and alone; moments are of it.
func TestNoiseOfTheirOwnIsChecked(t *testing.T) {
	net := smallField[float32](t)
	for want, change := range map[string]func(s *flow.Settings, e *flow.Example[float32]){
		"a transport":                   func(s *flow.Settings, _ *flow.Example[float32]) { s.Align.Mode = eot.Both },
		"molecule 3 of the training":    func(_ *flow.Settings, e *flow.Example[float32]) { e.Noise.X = e.Noise.X[3:] },
		"features of its own, expected": func(_ *flow.Settings, e *flow.Example[float32]) { e.Noise.H = nil },
	} {
		s, examples := settings(1), paired(5)
		s.Align = eot.Options{}
		change(&s, &examples[2])
		if _, err := flow.NewTrainer(s, net, nn.NewAdamW(net.Params()), examples); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, expected an error that says %q", err, want)
		}
	}
	m, err := flow.MeasureMoments(paired(23), eot.Options{}, 1)
	if err != nil || math.Abs(m.Both+2*m.Data) > 1e-9 || math.Abs(m.Noise-4*m.Data) > 1e-9 {
		t.Errorf("moments %+v, %v, expected a noise of 4 times the variance, -2 of it in both", m, err)
	}
}

// Pairs of noise and what a flow makes of it teach a flow that is straight: one step then
// goes where many went, which of the first flow ends in between the two modes.
func TestReflow(t *testing.T) {
	with := func(net flow.Network[float64], solver flow.Solver, steps int, seed uint64) *flow.Sampler[float64] {
		return &flow.Sampler[float64]{Net: net, Path: straight, Solver: solver, Steps: steps, Features: 2, Shard: 100, Seed: seed, Workers: 1}
	}
	sample := func(s *flow.Sampler[float64]) []flow.State[float64] {
		ends, _, err := s.Sample(slices.Repeat([]int{1}, 400), nil)
		if err != nil {
			t.Fatal(err)
		}
		return ends
	}
	curved := &mixture{path: schedule.Linear{}}
	from := with(curved, flow.Heun, 40, 3)
	noise, err := from.Prior(slices.Repeat([]int{1}, 400))
	if err != nil {
		t.Fatal(err)
	}
	var pairs []flow.Example[float64]
	for i, end := range sample(from) {
		pairs = append(pairs, flow.Example[float64]{State: end, Noise: &noise[i]})
	}
	net := newCloudNet[float64](rand.New(rand.NewPCG(2, 2)))
	tr, err := flow.NewTrainer(flow.Settings{Path: straight, Weights: flow.Weights{Features: 1}, Batch: 64, Shard: 64, EMA: 0.98, Seed: 3, Workers: 1},
		net, nn.NewAdamW(net.Params()), pairs)
	if err != nil {
		t.Fatal(err)
	}
	const steps = 500
	for _, err := range tr.Run(steps, flow.Rate{LR: 1e-2, Steps: steps, Cosine: true}.At) {
		if err != nil {
			t.Fatal(err)
		}
	}
	const other = 4 // seed, of noise that is in no pair
	many := sample(with(curved, flow.Heun, 40, other))
	miss := func(net flow.Network[float64]) float64 {
		sum := 0.0
		for i, end := range sample(with(net, flow.Euler, 1, other)) {
			for k, h := range end.H {
				sum += math.Pow(h-many[i].H[k], 2)
			}
		}
		return math.Sqrt(sum / float64(2*len(many)))
	}
	before, after := miss(curved), miss(net)
	t.Logf("one step misses by %.3f before, %.3f after", before, after)
	if before < 0.7 || after > 0.15 {
		t.Errorf("one step misses what forty make by %.3f, and with a flow that learned from them by %.3f", before, after)
	}
}
