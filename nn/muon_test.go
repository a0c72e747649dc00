package nn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/autograd"
)

var muonShapes = [][2]int{{3, 7}, {1, 5}, {6, 6}, {70, 40}, {33, 97}, {70, 90}, {5, 1}}

// plainMuon is SPEC's formula with loops in float64: it moves w (m, n) and the
// momentum against the gradient g.
func plainMuon(w, mom, g []float64, m, n int, lr, wd float64) {
	x := make([]float64, m*n)
	norm := 0.0
	for i := range g {
		mom[i] = 0.95*mom[i] + 0.05*g[i]
		x[i] = 0.05*g[i] + 0.95*mom[i]
		norm += x[i] * x[i]
	}
	r, c := m, n
	if m > n {
		x, r, c = plainTranspose(x, m, n), n, m
	}
	for i := range x {
		x[i] /= math.Sqrt(norm)
	}
	for range 5 {
		a := plainMul(x, plainTranspose(x, r, c), r, c, r)
		a2 := plainMul(a, a, r, r, r)
		for i := range a {
			a[i] = -4.7750*a[i] + 2.0315*a2[i]
		}
		next := plainMul(a, x, r, r, c)
		for i := range x {
			x[i] = 3.4445*x[i] + next[i]
		}
	}
	if m > n {
		x = plainTranspose(x, n, m)
	}
	for i := range w {
		w[i] -= lr*wd*w[i] + lr*0.2*math.Sqrt(float64(max(m, n)))*x[i]
	}
}

// plainMul returns A·B for A (m, k) and B (k, n).
func plainMul(a, b []float64, m, k, n int) []float64 {
	c := make([]float64, m*n)
	for i := range m {
		for p := range k {
			for j := range n {
				c[i*n+j] += a[i*k+p] * b[p*n+j]
			}
		}
	}
	return c
}

func plainTranspose(a []float64, rows, cols int) []float64 {
	t := make([]float64, len(a))
	for i := range a {
		t[i%cols*rows+i/cols] = a[i]
	}
	return t
}

// Four steps are SPEC's formula on the matrices, and on the rest, to the bit,
// AdamW's on a model that has nothing else.
func TestMuonAgainstFormula(t *testing.T) {
	t.Run("float64", func(t *testing.T) { testMuonAgainstFormula[float64](t, 1e-13) })
	t.Run("float32", func(t *testing.T) { testMuonAgainstFormula[float32](t, 2e-5) })
}

func testMuonAgainstFormula[T autograd.Float](t *testing.T, tol float64) {
	const lr, scale, wd = 0.1, 0.5, 0.01
	rng := rand.New(rand.NewPCG(1, 2))
	p, matrices := perceptrons[T](muonShapes)
	uniform(p.Data, 1, rng)
	rest := vector[T](len(biases(p, p.Data)))
	copy(rest.Data, biases(p, p.Data))
	u, a := NewMuon(p, matrices), NewAdamW(rest)
	u.Rest.WeightDecay, a.WeightDecay = wd, wd
	want, momentum := wide(p.Data), make([]float64, len(p.Data))
	grad := make([]T, len(p.Data))
	for step := range 4 {
		uniform(grad, 1, rng)
		u.Step(grad, lr, scale, 2)
		a.Step(biases(p, grad), lr, scale, 1)
		g := wide(grad)
		for i := range g {
			g[i] *= scale
		}
		for _, b := range matrices {
			lo, hi := b.Offset, b.Offset+b.Len()
			plainMuon(want[lo:hi], momentum[lo:hi], g[lo:hi], b.Rows, b.Cols, lr, wd)
			near(t, fmt.Sprintf("step %d, %dx%d", step+1, b.Rows, b.Cols), p.Slice(b), want[lo:hi], tol)
		}
		if !slices.Equal(biases(p, p.Data), rest.Data) {
			t.Errorf("step %d: the rest is not what AdamW makes of it alone", step+1)
		}
	}
}

// biases returns the numbers of x, laid out as p, that belong to biases.
func biases[T autograd.Float](p *Params[T], x []T) (rest []T) {
	for _, b := range p.Blocks {
		if b.Rows == 1 && len(b.fileShape()) == 1 {
			rest = append(rest, x[b.Offset:b.Offset+b.Len()]...)
		}
	}
	return rest
}

func wide[T autograd.Float](x []T) []float64 {
	w := make([]float64, len(x))
	for i, v := range x {
		w[i] = float64(v)
	}
	return w
}

// The same bits for any number of workers.
func TestMuonWorkersDoNotMatter(t *testing.T) {
	train := func(workers int) []float32 {
		rng := rand.New(rand.NewPCG(5, 0))
		p, matrices := perceptrons[float32](muonShapes)
		uniform(p.Data, 1, rng)
		u, grad := NewMuon(p, matrices), make([]float32, len(p.Data))
		for range 3 {
			uniform(grad, 1, rng)
			u.Step(grad, 0.01, 1, workers)
		}
		return slices.Concat(p.Data, u.M, u.Rest.M, u.Rest.V, u.Rest.VMax)
	}
	want := train(1)
	for _, workers := range []int{0, 2, 3, 16} {
		if !slices.Equal(train(workers), want) {
			t.Errorf("%d workers give other bits than one", workers)
		}
	}
}

// Where there is no gradient, or none that float32 can divide by, only weight
// decay moves a matrix; a NaN in one matrix stays in it.
func TestMuonZeroAndNaN(t *testing.T) {
	p, matrices := perceptrons[float32]([][2]int{{4, 6}, {6, 4}, {4, 4}})
	u, grad := NewMuon(p, matrices), make([]float32, len(p.Data))
	u.Rest.WeightDecay = 0.5
	for i := range p.Data {
		p.Data[i] = 1
	}
	nan, tiny := matrices[0], matrices[1]
	grad[nan.Offset] = float32(math.NaN())
	grad[tiny.Offset] = 1e-40
	for range 2 {
		u.Step(grad, 1, 1, 1)
		clear(grad)
	}
	for _, b := range p.Blocks {
		for _, v := range p.Slice(b) {
			if isNaN := v != v; isNaN != (b == nan) || !isNaN && v != 0.25 {
				t.Fatalf("%s is %v", b.Name, p.Slice(b))
			}
		}
	}
}

// Once warm, a step allocates its goroutines and a few closures, however many and
// large the matrices are.
func TestMuonAllocations(t *testing.T) {
	if testing.Short() {
		t.Skip("under an emulator it takes two minutes")
	}
	for _, workers := range []int{1, 2} {
		for _, layers := range []int{1, 8} {
			p, matrices := perceptrons[float32](slices.Repeat(layerShapes, layers))
			u, grad := NewMuon(p, matrices), make([]float32, len(p.Data))
			uniform(grad, 1, rand.New(rand.NewPCG(1, 1)))
			allocs := testing.AllocsPerRun(3, func() { u.Step(grad, 1e-3, 1, workers) })
			if limit := float64(3 + 8*(workers-1)); allocs > limit {
				t.Errorf("%d workers, %d layers: %v allocations a step, want at most %v", workers, layers, allocs, limit)
			}
		}
	}
}

func TestNewMuonRefusesOthersBlocks(t *testing.T) {
	p, matrices := perceptrons[float64]([][2]int{{2, 3}})
	_, others := perceptrons[float64]([][2]int{{3, 2}})
	const message = `nn: NewMuon: "layer.0.weight" is no block of these parameters, or there twice`
	mustPanic(t, message, func() { NewMuon(p, others) })
	mustPanic(t, message, func() { NewMuon(p, append(matrices, matrices...)) })
	u := NewMuon(p, matrices)
	mustPanic(t, "nn: Muon of 8 parameters: 2 gradients for 8 parameters", func() { u.Step(make([]float64, 2), 1, 1, 1) })
}
