package flow_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/ode"
	"equifm/flow/schedule"
	"equifm/nn"
)

func sampler(t testing.TB, workers int) *flow.Sampler[float32] {
	return &flow.Sampler[float32]{Net: smallField[float32](t), Path: flow.Hybrid, Solver: flow.Euler, Steps: 5, Grid: flow.GridQuadratic,
		End: 0.01, Features: 3, Shard: 3, Seed: 9, Workers: workers}
}

func sample(t *testing.T, s *flow.Sampler[float32], sizes []int) ([]flow.State[float32], ode.Stats) {
	states, stats, err := s.Sample(sizes, nil)
	if err != nil {
		t.Fatal(err)
	}
	return states, stats
}

var sampleSizes = []int{3, 1, 8, 2, 5, 4, 9, 3}

func TestSamplesDoNotDependOnWorkers(t *testing.T) {
	want, _ := sample(t, sampler(t, 1), sampleSizes)
	got, _ := sample(t, sampler(t, 3), sampleSizes)
	for m := range want {
		if !slices.Equal(got[m].X, want[m].X) || !slices.Equal(got[m].H, want[m].H) {
			t.Errorf("molecule %d differs between 1 and 3 workers", m)
		}
		if len(got[m].X) != 3*sampleSizes[m] || len(got[m].H) != 3*sampleSizes[m] {
			t.Errorf("molecule %d: %d coordinates for %d atoms", m, len(got[m].X), sampleSizes[m])
		}
	}
}

// A schedule of the last channel that is the others' changes nothing, whatever solves;
// another one changes the sample.
func TestLastChannelsScheduleInSampling(t *testing.T) {
	for solver := flow.Euler; solver <= flow.Karras; solver++ {
		draw := func(z schedule.Schedule) []flow.State[float32] {
			s := sampler(t, 1)
			s.Grid, s.Solver, s.Eta, s.Path.Z = flow.GridUniform, solver, 1, z
			s.Churn = flow.Churn{Factor: 1.2, From: 0.75, To: 0.03}
			states, _ := sample(t, s, sampleSizes)
			return states
		}
		plain, same, other := draw(nil), draw(schedule.VPLinear), draw(schedule.VPCosine)
		if !slices.Equal(plain[0].H, same[0].H) || !slices.Equal(plain[0].X, same[0].X) || slices.Equal(plain[0].H, other[0].H) {
			t.Errorf("%s: features %v, %v with the same schedule apart, %v with another one", solver, plain[0].H, same[0].H, other[0].H)
		}
	}
}

// A shard as large as an int can be holds everything; of nothing, nothing is drawn.
func TestLargestShard(t *testing.T) {
	s := sampler(t, 2)
	s.Shard = math.MaxInt
	if states, stats := sample(t, s, sampleSizes); len(states) != len(sampleSizes) || stats.NFE != 5 {
		t.Errorf("%d molecules, %+v", len(states), stats)
	}
	for _, shard := range []int{1, 3, math.MaxInt} {
		s := sampler(t, 2)
		s.Shard = shard
		if states, stats := sample(t, s, nil); len(states) != 0 || stats.NFE != 0 {
			t.Errorf("%d molecules of none, %+v", len(states), stats)
		}
	}
	train := settings(2)
	train.Shard = math.MaxInt
	tr := trainerOf(t, train, someMolecules[float32](5))
	if r := steps(t, tr, 2); r.Step != 2 || !(r.Loss.Total > 0) {
		t.Errorf("%+v", r)
	}
}

// The closed form takes one evaluation and replaces the last step.
func TestEvaluationsAreCounted(t *testing.T) {
	for solver, want := range map[flow.Solver]int{flow.Euler: 5, flow.Midpoint: 9, flow.Heun: 9, flow.RK4: 17, flow.Karras: 9} {
		s := sampler(t, 2)
		s.Solver = solver
		if _, stats := sample(t, s, sampleSizes); stats.NFE != want || stats.Steps != 5 {
			t.Errorf("%v: %+v, want %d evaluations", solver, stats, want)
		}
	}
	s := sampler(t, 2)
	s.Solver = flow.Ancestral
	if _, stats := sample(t, s, sampleSizes); stats.NFE != 6 || stats.Steps != 6 {
		t.Errorf("ancestral: %+v, want one evaluation beyond the steps", stats)
	}
	s = sampler(t, 2)
	s.Solver = flow.Dopri5
	if _, stats := sample(t, s, sampleSizes); stats.NFE < 8 {
		t.Errorf("dopri5: %+v", stats)
	}
}

// From the state that a sampler has reached it goes on to what it would have come
// to; from t = 1 with one step it answers the end point.
func TestStartGoesOn(t *testing.T) {
	s := sampler(t, 2)
	s.Grid = flow.GridUniform
	want, _ := sample(t, s, sampleSizes)
	var midway []flow.State[float32]
	s = sampler(t, 1)
	s.Grid, s.Scheme = flow.GridUniform, keeping{&midway, 2}
	sample(t, s, sampleSizes)
	s = sampler(t, 2)
	s.Grid, s.Start = flow.GridUniform, flow.Start[float32]{At: 0.6, States: midway}
	got, stats := sample(t, s, sampleSizes)
	if stats.NFE != 3 {
		t.Errorf("%+v from t = 0.6 of 5 steps", stats)
	}
	for m := range want {
		for k, v := range want[m].X {
			if math.Abs(float64(v-got[m].X[k])) > 1e-4 {
				t.Fatalf("molecule %d: %v and %v", m, want[m].X, got[m].X)
			}
		}
	}
	for _, bad := range []flow.Start[float32]{{At: 0.5}, {At: -1}, {At: 2, States: midway}, {At: 0.5, States: midway[1:]}, {At: math.NaN()},
		{At: 0.5, States: make([]flow.State[float32], len(midway))}} {
		s := sampler(t, 1)
		s.Start = bad
		if _, _, err := s.Sample(sampleSizes, nil); err == nil {
			t.Errorf("a start at %v of %d states is taken", bad.At, len(bad.States))
		}
	}
}

// keeping is Euler's method, and keeps the states after so many steps.
type keeping struct {
	states *[]flow.State[float32]
	after  int
}

func (k keeping) Solve(p *flow.Problem[float32], times []float64, y []float32) (ode.Stats, error) {
	v := make([]float32, len(y))
	for i := 1; i < len(times); i++ {
		if i-1 == k.after {
			at, atom := p.Split(slices.Clone(y)), 0
			for _, n := range p.Sizes {
				*k.states = append(*k.states, flow.State[float32]{X: at.X[3*atom : 3*(atom+n)], H: at.H[3*atom : 3*(atom+n)]})
				atom += n
			}
		}
		if err := p.Velocity(times[i-1], y, v); err != nil {
			return ode.Stats{}, err
		}
		for j := range y {
			y[j] += float32(times[i]-times[i-1]) * v[j]
		}
	}
	return ode.Stats{}, nil
}

func TestSamplerRefusesNonsense(t *testing.T) {
	for _, spoil := range []func(*flow.Sampler[float32]){
		func(s *flow.Sampler[float32]) { s.Steps = 0 },
		func(s *flow.Sampler[float32]) { s.Grid = 9 },
		func(s *flow.Sampler[float32]) { s.Solver, s.End = flow.Dopri5, -0.01 },
	} {
		s := sampler(t, 1)
		spoil(s)
		if _, _, err := s.Sample(sampleSizes, nil); err == nil {
			t.Errorf("no error for %+v", s)
		}
	}
}

// Trained on a single molecule, here water, samples are that molecule:
// their sorted pair distances differ by less than 0.05 Å on average and every
// atom has its type.
func TestOneMoleculeIsOverfitted(t *testing.T) {
	if testing.Short() {
		t.Skip("a training")
	}
	const F = 2                                         // H, O
	x := []float32{0, 0, 0, 0.96, 0, 0, -0.24, 0.93, 0} // Å
	flow.Centre(x)
	h := make([]float32, 3*F)
	for i, kind := range []int{1, 0, 0} {
		h[F*i+kind] = 0.25
	}
	c := egnn.QM9()
	c.Features, c.Hidden, c.Layers = F, 32, 3
	field, err := egnn.New[float32](c)
	if err != nil {
		t.Fatal(err)
	}
	field.Init(rand.New(rand.NewPCG(2, 2)))
	s := flow.Settings{Path: flow.Hybrid, Align: eot.Options{Mode: eot.Both}, Weights: flow.Published, Batch: 16, Shard: 8, EMA: 0.99, Seed: 1, Workers: 2}
	tr, err := flow.NewTrainer(s, field, nn.NewAdamW(field.Params()), []flow.Example[float32]{{State: flow.State[float32]{X: x, H: h}}})
	if err != nil {
		t.Fatal(err)
	}
	const n = 2000
	for i := range n {
		tr.LR = 5e-3 * 0.5 * (1 + math.Cos(math.Pi*float64(i)/n))
		steps(t, tr, 1)
	}
	out := &flow.Sampler[float32]{Net: field, Params: tr.Average.Data, Path: flow.Hybrid, Solver: flow.Euler, Steps: 50, Grid: flow.GridQuadratic,
		Features: F, Shard: 8, Seed: 3, Workers: 2}
	states, _ := sample(t, out, slices.Repeat([]int{3}, 16))
	want, off, kinds := distances(x), 0.0, 0
	for _, s := range states {
		for i, d := range distances(s.X) {
			off += math.Abs(d-want[i]) / float64(len(want)*len(states))
		}
		if slices.Equal(types(s.H, F), []int{0, 0, 1}) {
			kinds++
		}
	}
	t.Logf("mean error of a pair distance %.4f Å, %d of %d with the right atoms", off, kinds, len(states))
	if off > 0.05 || kinds < len(states)-1 {
		t.Errorf("mean error of a pair distance %.3f Å, %d of %d with the right atoms", off, kinds, len(states))
	}
}

// distances returns all pair distances, ascending, Å.
func distances(x []float32) (d []float64) {
	for i := range len(x) / 3 {
		for j := range i {
			var s float64
			for c := range 3 {
				s += math.Pow(float64(x[3*i+c]-x[3*j+c]), 2)
			}
			d = append(d, math.Sqrt(s))
		}
	}
	slices.Sort(d)
	return d
}

// types returns the largest channel of every atom, ascending.
func types(h []float32, f int) (kinds []int) {
	for i := range len(h) / f {
		row := h[f*i : f*(i+1)]
		kinds = append(kinds, slices.Index(row, slices.Max(row)))
	}
	slices.Sort(kinds)
	return kinds
}
