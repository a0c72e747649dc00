package nn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/autograd/gradcheck"
)

// Names, order and shapes are those of PyTorch's state_dict for
// Sequential(Linear, SiLU, Linear); its bias has one dimension in a file.
func TestNamesAsInPyTorch(t *testing.T) {
	p := new(Params[float32])
	NewMLP(p, "phi", 3, 5, 2)
	NewLinearNoBias(p, "gate", 2, 1)
	want := []struct {
		name   string
		rows   int
		cols   int
		inFile []int
	}{
		{"phi.0.weight", 5, 3, []int{5, 3}}, {"phi.0.bias", 1, 5, []int{5}},
		{"phi.2.weight", 2, 5, []int{2, 5}}, {"phi.2.bias", 1, 2, []int{2}},
		{"gate.weight", 1, 2, []int{1, 2}},
	}
	offset := 0
	for i, w := range want {
		b, ok := p.Lookup(w.name)
		if !ok || b != p.Blocks[i] || b.Rows != w.rows || b.Cols != w.cols || b.Offset != offset || !slices.Equal(b.fileShape(), w.inFile) {
			t.Errorf("block %d is %+v, want %+v at %d", i, b, w, offset)
		}
		offset += b.Len()
	}
	if len(p.Blocks) != len(want) || len(p.Data) != offset {
		t.Errorf("%d blocks, %d numbers", len(p.Blocks), len(p.Data))
	}
	if _, ok := p.Lookup("phi.1.weight"); ok {
		t.Error("an activation has weights")
	}
	mustPanic(t, `nn: Params.Add: "gate.weight" is there already`, func() { p.Add("gate.weight", 1, 1) })
}

// A uniform distribution on ±b has mean 0 and variance b²/3.
func TestInit(t *testing.T) {
	const in, out = 100, 400
	p := new(Params[float64])
	l := NewLinear(p, "l", in, out)
	InitLinear(p, l, rand.New(rand.NewPCG(1, 1)))
	uniformOn(t, "weight", p.Slice(l.W), 0.1) // 1/√100
	uniformOn(t, "bias", p.Slice(l.B), 0.1)

	bias := slices.Clone(p.Slice(l.B))
	InitXavier(p, l, 0.001, rand.New(rand.NewPCG(1, 2)))
	uniformOn(t, "Xavier", p.Slice(l.W), 0.001*math.Sqrt(6.0/(in+out)))
	if !slices.Equal(p.Slice(l.B), bias) {
		t.Error("InitXavier changes the bias")
	}

	again := new(Params[float64])
	InitLinear(again, NewLinear(again, "l", in, out), rand.New(rand.NewPCG(1, 1)))
	if !slices.Equal(again.Slice(l.B), bias) {
		t.Error("the same seed gives other values")
	}
}

func uniformOn(t *testing.T, what string, x []float64, bound float64) {
	t.Helper()
	n := float64(len(x))
	var sum, squares float64
	for _, v := range x {
		sum += v
		squares += v * v
	}
	if lo, hi := slices.Min(x), slices.Max(x); lo < -bound || hi > bound || hi-lo < 1.95*bound {
		t.Errorf("%s: in [%v, %v], want ±%v", what, lo, hi, bound)
	}
	// five standard errors of the mean and of the mean square
	if mean := sum / n; math.Abs(mean) > 5*bound/math.Sqrt(3*n) {
		t.Errorf("%s: mean %v", what, mean)
	}
	if v := squares / n; math.Abs(v-bound*bound/3) > 5*bound*bound*math.Sqrt(4.0/45/n) {
		t.Errorf("%s: variance %v, want %v", what, v, bound*bound/3)
	}
}

// The rule of EDM's gradient_clipping, against values computed by hand.
func TestClipper(t *testing.T) {
	var c Clipper
	for i, s := range []struct{ norm, limit, enters float64 }{
		{10, 4500, 10},          // of 3000: 1.5·3000 + 2·0
		{10495, 5247.5, 5247.5}, // of 3000, 10: 1.5·1505 + 2·1495
	} {
		if got, want := c.Scale(s.norm), min(1, s.limit/s.norm); math.Abs(got-want) > 1e-15 {
			t.Errorf("norm %d: scale %v, want %v", i, got, want)
		}
		if got := c.History[len(c.History)-1]; got != s.enters {
			t.Errorf("norm %d: %v enters the history, want %v", i, got, s.enters)
		}
	}
	for range 50 {
		c.Scale(1)
	}
	if len(c.History) != 50 || slices.Max(c.History) != 1 {
		t.Errorf("after 50 norms of 1 the history is %v", c.History)
	}
	if got := c.Scale(3); got != 0.5 { // limit 1.5·1 + 2·0, which enters
		t.Errorf("scale %v, want 0.5", got)
	}
	if got := c.Scale(3.31); math.Abs(got-0.5) > 1e-12 { // limit 1.5·1.01 + 2·0.07
		t.Errorf("scale %v, want 0.5", got)
	}
	before := slices.Clone(c.History)
	for _, norm := range []float64{math.NaN(), math.Inf(1)} {
		if got := c.Scale(norm); got != 1 || !slices.Equal(c.History, before) {
			t.Errorf("norm %v: scale %v, history %v", norm, got, c.History)
		}
	}
}

// With parameters held at c, the average's distance to c shrinks by the decay.
func TestEMA(t *testing.T) {
	p := vector[float64](3)
	copyTo(p.Data, []float64{0, 8, -2})
	e := NewEMA(p, 0.9)
	copyTo(p.Data, []float64{1, 8, 2})
	if e.Data[0] != 0 {
		t.Fatal("the average is not a copy")
	}
	for range 20 {
		e.Update(p, 1)
	}
	left := math.Pow(0.9, 20)
	near(t, "average", e.Data, []float64{1 - left, 8, 2 - 4*left}, 1e-14)
	p.Add("late", 1, 1)
	mustPanic(t, "nn: EMA: an average of 3 numbers for 4 parameters", func() { e.Update(p, 1) })
}

func TestSumShardsAndNorm(t *testing.T) {
	for _, n := range []int{0, 1, 17, minPart + 3, 5*minPart + 1} {
		rng := rand.New(rand.NewPCG(3, uint64(n)))
		shards := [][]float32{make([]float32, n), make([]float32, n), make([]float32, n)}
		want, squares := make([]float32, n), 0.0
		for i := range shards {
			uniform(shards[i], 1, rng)
		}
		for j := range want {
			want[j] = shards[0][j] + shards[1][j] + shards[2][j]
			squares += float64(want[j]) * float64(want[j])
		}
		dst := make([]float32, n)
		uniform(dst, 1, rng)
		SumShards(dst, shards, 2)
		if !slices.Equal(dst, want) {
			t.Errorf("%d numbers: wrong sum", n)
		}
		if got := Norm(dst, 2); math.Abs(got-math.Sqrt(squares)) > 1e-9*math.Sqrt(squares) {
			t.Errorf("%d numbers: norm %v, want %v", n, got, math.Sqrt(squares))
		}
		SumShards(shards[0], shards, 2) // onto the first
		SumShards(dst, nil, 2)
		if !slices.Equal(shards[0], want) || slices.ContainsFunc(dst, func(v float32) bool { return v != 0 }) {
			t.Errorf("%d numbers: wrong sum onto the first shard, or of none", n)
		}
	}
	mustPanic(t, "nn: SumShards: shard 1 has 2 numbers, the sum 1", func() {
		SumShards(make([]float64, 1), [][]float64{{1}, {1, 2}}, 1)
	})
	if got := Norm([]float64{1, math.NaN()}, 1); !math.IsNaN(got) {
		t.Errorf("a NaN has norm %v", got)
	}
}

// Bound gradients land in their own slice; parameters bound without are constants.
func TestBind(t *testing.T) {
	p := new(Params[float64])
	m := NewMLP(p, "phi", 2, 3, 1)
	InitLinear(p, m.First, rand.New(rand.NewPCG(1, 1)))
	InitLinear(p, m.Last, rand.New(rand.NewPCG(1, 2)))
	x := autograd.Const(4, 2, []float64{1, 2, 3, 4, -1, -2, 0, 1})
	run := func(v View[float64]) *autograd.Tape[float64] {
		tape := autograd.NewTape[float64]()
		tape.Backward(autograd.Sum(tape, ApplyMLP(tape, v, m, x)))
		return tape
	}
	a, b := make([]float64, len(p.Data)), make([]float64, len(p.Data))
	run(p.Bind(a))
	run(p.Bind(b))
	if !slices.Equal(a, b) || a[len(a)-1] != 4 { // the last bias reaches each row
		t.Errorf("gradients %v and %v", a, b)
	}
	if n := run(p.Bind(nil)).Len(); n != 0 {
		t.Errorf("constants record %d operations", n)
	}
	mustPanic(t, "nn: Bind: 13 numbers and 1 gradients for 13 parameters", func() { p.Bind(make([]float64, 1)) })
}

// The gradients of input and parameters agree with finite differences.
func TestMLPGradient(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	p := new(Params[float64])
	m := NewMLP(p, "phi", 2, 3, 2)
	InitLinear(p, m.First, rng)
	InitLinear(p, m.Last, rng)
	v := p.Bind(make([]float64, len(p.Data)))
	in := []*gradcheck.Tensor{gradcheck.Random(rng, 4, 2)}
	for _, b := range p.Blocks {
		in = append(in, v.Tensor(b))
	}
	gradcheck.Check(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
		return ApplyMLP(tape, v, m, in[0])
	}, in...)
}
