package nn

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"equifm/autograd"
)

// adamwGolden is ten steps by torch.optim.AdamW; see testdata/golden/README.md.
type adamwGolden struct {
	Beta1, Beta2, Eps float64
	WeightDecay       float64 `json:"weight_decay"`
	Start             []float64
	Steps             []struct {
		LR           float64
		Grad, Params []float64
	}
	M, V, VMax []float64
}

func TestGolden(t *testing.T) {
	text, err := os.ReadFile("../testdata/golden/adamw.json")
	if err != nil {
		t.Fatal(err)
	}
	var want adamwGolden
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	t.Run("float64", func(t *testing.T) { testGolden[float64](t, want, 1e-13) })
	t.Run("float32", func(t *testing.T) { testGolden[float32](t, want, 2e-6) })
}

func testGolden[T autograd.Float](t *testing.T, want adamwGolden, tol float64) {
	p := vector[T](len(want.Start))
	copyTo(p.Data, want.Start)
	a := NewAdamW(p)
	a.Beta1, a.Beta2, a.Eps, a.WeightDecay = want.Beta1, want.Beta2, want.Eps, want.WeightDecay
	grad := make([]T, len(p.Data))
	for i, s := range want.Steps {
		copyTo(grad, s.Grad)
		for j := range grad { // a clipped gradient is a smaller one
			grad[j] *= 4
		}
		a.Step(grad, s.LR, 0.25, 1)
		near(t, fmt.Sprintf("parameters after step %d", i+1), p.Data, s.Params, tol)
	}
	near(t, "m", a.M, want.M, tol)
	near(t, "v", a.V, want.V, tol)
	near(t, "vmax", a.VMax, want.VMax, tol)
}

// The first step of Adam is lr·sign(g), whatever the size of the gradient.
func TestAdamWFirstStep(t *testing.T) {
	p := vector[float64](3)
	copyTo(p.Data, []float64{1, 2, 3})
	a := NewAdamW(p)
	a.WeightDecay, a.Eps = 0.1, 0
	a.Step([]float64{1e-3, -1e3, 7}, 0.5, 1, 1)
	near(t, "parameters", p.Data, []float64{0.95*1 - 0.5, 0.95*2 + 0.5, 0.95*3 - 0.5}, 1e-13)
}

// Without amsgrad a step goes by V as it is (Adam's own rule), and with it by the
// largest so far: after a large gradient and small ones the two are far apart.
func TestAdamWPlain(t *testing.T) {
	const lr, beta1, beta2 = 0.1, 0.9, 0.9 // the last forgets the first gradient soon
	grads := []float64{100, 0.1, -0.2, 0.3, 0.1}
	p, with := vector[float64](1), vector[float64](1)
	a, b := NewAdamW(p), NewAdamW(with)
	a.WeightDecay, a.Eps, a.Plain = 0, 0, true
	b.WeightDecay, b.Eps = 0, 0
	a.Beta2, b.Beta2 = beta2, beta2
	var m, v, want float64
	for k, g := range grads {
		a.Step([]float64{g}, lr, 1, 1)
		b.Step([]float64{g}, lr, 1, 1)
		m, v = beta1*m+(1-beta1)*g, beta2*v+(1-beta2)*g*g
		n := float64(k + 1)
		want -= lr * m / (1 - math.Pow(beta1, n)) / math.Sqrt(v/(1-math.Pow(beta2, n)))
		near(t, fmt.Sprintf("parameter after step %d", k+1), p.Data, []float64{want}, 1e-12)
	}
	if math.Abs(with.Data[0]-want) < 0.01 {
		t.Errorf("with amsgrad %v, without %v", with.Data[0], want)
	}
}

func TestAdamWKeepsNaN(t *testing.T) {
	p := vector[float32](20)
	grad := make([]float32, 20)
	grad[18] = float32(math.NaN())
	a := NewAdamW(p)
	a.Step(grad, 1e-4, 1, 1)
	clear(grad)
	a.Step(grad, 1e-4, 1, 1)
	for i, v := range p.Data {
		if (v != v) != (i == 18) {
			t.Errorf("parameter %d is %v", i, v)
		}
	}
}

// Optimiser, average, norm and sum give the same bits for any number of workers.
func TestWorkersDoNotMatter(t *testing.T) {
	for _, n := range []int{1, minPart, minPart + 1, 3*minPart + 17, 70*minPart + 5} {
		want := fourSteps(n, 1)
		for _, workers := range []int{0, 2, 3, 7, 100} {
			if !slices.Equal(fourSteps(n, workers), want) {
				t.Errorf("%d numbers: %d workers give other bits than one", n, workers)
			}
		}
	}
}

// fourSteps trains on random gradients of three shards and returns everything.
func fourSteps(n, workers int) []float32 {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	p := vector[float32](n)
	uniform(p.Data, 1, rng)
	a, e := NewAdamW(p), NewEMA(p, 0.9)
	grad, shards := make([]float32, n), make([][]float32, 3)
	var out []float32
	for range 4 {
		for i := range shards {
			shards[i] = make([]float32, n)
			uniform(shards[i], 1, rng)
		}
		SumShards(grad, shards, workers)
		norm := Norm(grad, workers)
		a.Step(grad, 1e-4, 1/norm, workers)
		e.Update(p, workers)
		out = append(out, float32(norm))
	}
	return slices.Concat(out, p.Data, e.Data, a.M, a.V, a.VMax)
}

// A step allocates a small number of times, whatever the size of the model.
func TestAllocations(t *testing.T) {
	steps := func(n, workers int) float64 {
		p := vector[float32](n)
		a, e, grad := NewAdamW(p), NewEMA(p, 0.9999), make([]float32, n)
		shards := [][]float32{make([]float32, n), make([]float32, n)}
		return testing.AllocsPerRun(10, func() {
			SumShards(grad, shards, workers)
			a.Step(grad, 1e-4, 1/max(Norm(grad, workers), 1), workers)
			e.Update(p, workers)
		})
	}
	// A kernel behind a table of functions may take its constants from the heap,
	// once a part; nothing may depend on the number of parameters.
	for _, workers := range []int{1, 4} {
		small, big := steps(1<<18, workers), steps(1<<20, workers)
		if limit := float64(maxParts + 12*workers); small > limit || big > limit || math.Abs(big-small) > 2 {
			t.Errorf("%d workers: %v allocations for 2¹⁸ parameters, %v for 2²⁰", workers, small, big)
		}
	}
}

func TestAdamWRefusesOtherLengths(t *testing.T) {
	p := vector[float64](3)
	a := NewAdamW(p)
	mustPanic(t, "nn: AdamW of 3 parameters: 2 gradients for 3 parameters", func() { a.Step(make([]float64, 2), 1, 1, 1) })
	p.Add("late", 1, 1)
	mustPanic(t, "nn: AdamW of 3 parameters: 4 gradients for 4 parameters", func() { a.Step(make([]float64, 4), 1, 1, 1) })
}

// BenchmarkStep is one step of the QM9 configuration without its gradients.
func BenchmarkStep(b *testing.B) {
	const n = 5_339_920
	for _, workers := range []int{1, 2} {
		b.Run(fmt.Sprintf("%d/workers=%d", n, workers), func(b *testing.B) {
			p := vector[float32](n)
			a, e, grad := NewAdamW(p), NewEMA(p, 0.9999), make([]float32, n)
			uniform(grad, 1, rand.New(rand.NewPCG(1, 1)))
			for b.Loop() {
				a.Step(grad, 1e-4, 1/Norm(grad, workers), workers)
				e.Update(p, workers)
			}
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mparam/s")
		})
	}
}

// vector is n parameters in one block.
func vector[T autograd.Float](n int) *Params[T] {
	p := new(Params[T])
	p.Add("x", 1, n)
	return p
}

func copyTo[T autograd.Float](dst []T, x []float64) {
	for i, v := range x {
		dst[i] = T(v)
	}
}

func near[T autograd.Float](t *testing.T, what string, got []T, want []float64, tol float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i, w := range want {
		if d := math.Abs(float64(got[i]) - w); !(d <= tol*max(1, math.Abs(w))) {
			t.Errorf("%s: number %d is %v, want %v", what, i, got[i], w)
		}
	}
}

func mustPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := recover(); got != want {
			t.Errorf("panic %v, want %q", got, want)
		}
	}()
	f()
}
