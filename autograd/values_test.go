package autograd_test

import (
	"math"
	"testing"

	"equifm/autograd"
	"equifm/autograd/gradcheck"
)

// A value is an op on a few numbers whose result is known.
type value[T autograd.Float] struct {
	name string
	got  *autograd.Tensor[T]
	want []float64
}

// values has an extreme wherever a formula taken literally fails: exp(1000)
// overflows, and the mean of x² less the mean's square has no digit left at 1e4 in
// float32.
func values[T autograd.Float]() []value[T] {
	t := autograd.NewTape[T]()
	row := func(x ...T) *autograd.Tensor[T] { return autograd.Const(1, len(x), x) }
	inf := T(math.Inf(1))
	ones, zeros := row(1, 1, 1, 1), row(0, 0, 0, 0)
	return []value[T]{
		{"Exp", autograd.Exp(t, row(0, 1, -2, -inf)), []float64{1, math.E, 0.1353352832366127, 0}},
		{"Log", autograd.Log(t, row(1, 2, 0.5, 0)), []float64{0, math.Ln2, -math.Ln2, math.Inf(-1)}},
		{"ReLU", autograd.ReLU(t, row(-inf, -1, 0, 2)), []float64{0, 0, 0, 2}},
		{"GELU", autograd.GELU(t, row(1, -1, 0, -5)), []float64{0.8413447460685429, -0.15865525393145707, 0, -1.43325785939597e-06}},
		{"RowMean", autograd.RowMean(t, autograd.Const(2, 3, []T{1, 2, 6, 0.5, 0.5, 0.5})), []float64{3, 0.5}},
		{"Softmax", autograd.Softmax(t, row(1000, 1001, -inf)), []float64{0.2689414213699951, 0.7310585786300049, 0}},
		{"LogSoftmax", autograd.LogSoftmax(t, row(1000, 0, 1000)), []float64{-math.Ln2, -1000 - math.Ln2, -math.Ln2}},
		{"LayerNorm", autograd.LayerNorm(t, row(10001, 10002, 10003, 10004), ones, zeros, 0),
			[]float64{-1.3416407864998738, -0.4472135954999579, 0.4472135954999579, 1.3416407864998738}},
		{"LayerNorm of a constant", autograd.LayerNorm(t, row(3, 3, 3, 3), ones, row(1, 2, 3, 4), 1e-5), []float64{1, 2, 3, 4}},
		{"BatchMatMul", autograd.BatchMatMul(t, 2, autograd.Const(4, 1, []T{1, 2, 3, 4}), autograd.Const(2, 2, []T{5, 7, 11, 13})),
			[]float64{5, 7, 10, 14, 33, 39, 44, 52}},
		{"BatchMatMulT", autograd.BatchMatMulT(t, 2, autograd.Const(2, 2, []T{1, 2, 3, 4}), autograd.Const(2, 2, []T{5, 6, 7, 8})),
			[]float64{17, 53}},
	}
}

func TestValues(t *testing.T) {
	t.Run("float32", func(t *testing.T) { checkValues(t, values[float32](), 1e-6) })
	t.Run("float64", func(t *testing.T) { checkValues(t, values[float64](), 1e-14) })
}

func checkValues[T autograd.Float](t *testing.T, all []value[T], tol float64) {
	for _, v := range all {
		if len(v.got.Data) != len(v.want) {
			t.Errorf("%s: shape %v", v.name, v.got)
			continue
		}
		for i, want := range v.want {
			got := float64(v.got.Data[i])
			if got != want && !(math.Abs(got-want) <= tol*math.Abs(want)) {
				t.Errorf("%s: element %d: got %v, want %v", v.name, i, got, want)
			}
		}
	}
}

// Two sequences of three tokens attend each to its own: the ops for rows and
// blocks together, as a user's model has them, and the gradients of the whole.
func TestAttention(t *testing.T) {
	const sequences, width = 2, 4
	attention := func(t *tape, in []*tensor) *tensor {
		x, q, k, v := in[0], in[1], in[2], in[3]
		x = autograd.LayerNorm(t, x, in[4], in[5], 1e-5)
		scores := autograd.BatchMatMulT(t, sequences, autograd.Linear(t, x, q, nil), autograd.Linear(t, x, k, nil)) // (6, 3)
		weights := autograd.Softmax(t, autograd.Scale(t, 1/math.Sqrt(width), scores))
		return autograd.GELU(t, autograd.BatchMatMul(t, sequences, weights, autograd.Linear(t, x, v, nil)))
	}
	in := []*tensor{random(sequences*3, width), random(width, width), random(width, width), random(width, width), random(1, width), random(1, width)}
	gradcheck.Check(t, attention, in...)

	apart := attention(autograd.NewTape[float64](), in).Row(0)[0]
	for i := range in[0].Row(5) {
		in[0].Row(5)[i]++ // of the other sequence
	}
	if got := attention(autograd.NewTape[float64](), in).Row(0)[0]; got != apart {
		t.Errorf("one sequence sees the other: %v became %v", apart, got)
	}
}
