package egnn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/autograd/kernel"

	"gonum.org/v1/gonum/mat"
)

func TestParameterCount(t *testing.T) {
	f, err := New[float32](QM9())
	if err != nil {
		t.Fatal(err)
	}
	if n := len(f.params.Data); n != 5_339_920 {
		t.Errorf("QM9: %d parameters, want 5,339,920", n)
	}
	for i, c := range append(networks(), QM9()) {
		f, err := New[float32](c)
		if err != nil || c.Parameters() != len(f.params.Data) {
			t.Errorf("configuration %d: %d parameters foretold, %d there (%v)", i, c.Parameters(), len(f.params.Data), err)
		}
	}
}

// evaluate returns the prediction without gradients.
func evaluate(t *testing.T, f *Field[float64], in input[float64]) (qx, qh []float64) {
	x, h, err := f.Forward(autograd.NewTape[float64](), f.params.Bind(nil), in.sizes, in.x, in.h, in.cond)
	if err != nil {
		t.Fatal(err)
	}
	return x.Data, h.Data
}

// moved returns the input with every position x replaced by x·Qᵀ + shift.
func moved(in input[float64], q *mat.Dense, shift []float64) input[float64] {
	out := in
	out.x = autograd.Const(in.x.Rows, 3, make([]float64, len(in.x.Data)))
	for i := range in.x.Rows {
		copy(out.x.Row(i), turn(q, in.x.Row(i)))
		for c, s := range shift {
			out.x.Row(i)[c] += s
		}
	}
	return out
}

func turn(q *mat.Dense, x []float64) []float64 {
	var y mat.VecDense
	y.MulVec(q, mat.NewVecDense(3, x))
	return y.RawVector().Data
}

// orthogonal draws an orthogonal matrix with the given determinant, ±1.
func orthogonal(rng *rand.Rand, det float64) *mat.Dense {
	a := mat.NewDense(3, 3, nil)
	for i := range 9 {
		a.Set(i/3, i%3, rng.NormFloat64())
	}
	var qr mat.QR
	qr.Factorize(a)
	var q mat.Dense
	qr.QTo(&q)
	if mat.Det(&q)*det < 0 {
		q.Scale(-1, &q)
	}
	return &q
}

const lawTolerance = 1e-10

// E(3): q̂_x turns and mirrors with the molecule, q̂_h does not change, and
// neither sees where the molecule is.
func TestEquivariance(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for i, c := range variants() {
		f, in := strong[float64](c, 3), randomInput[float64](c, mixed, 4)
		qx, qh := evaluate(t, f, in)
		for name, q := range map[string]*mat.Dense{
			"rotation": orthogonal(rng, 1), "reflection": orthogonal(rng, -1),
			"translation": mat.NewDense(3, 3, []float64{1, 0, 0, 0, 1, 0, 0, 0, 1}),
		} {
			shift := []float64{0, 0, 0}
			if name == "translation" {
				shift = []float64{1.5, -2.5, 0.5}
			}
			gx, gh := evaluate(t, f, moved(in, q, shift))
			for a := range in.x.Rows {
				compare(t, fmt.Sprintf("variant %d, %s, q_x of atom %d", i, name, a), gx[3*a:3*a+3], turn(q, qx[3*a:3*a+3]))
			}
			compare(t, fmt.Sprintf("variant %d, %s, q_h", i, name), gh, qh)
		}
	}
}

// Relabelling the atoms of a molecule relabels the prediction.
func TestPermutation(t *testing.T) {
	for _, c := range []Config{variants()[0], twins()[0]} {
		relabel(t, c)
	}
}

func relabel(t *testing.T, c Config) {
	f, in := strong[float64](c, 3), randomInput[float64](c, []int{9}, 4)
	perm := rand.New(rand.NewPCG(1, 9)).Perm(9)
	shuffled := randomInput[float64](c, []int{9}, 5)
	for to, from := range perm {
		copy(shuffled.x.Row(to), in.x.Row(from))
		copy(shuffled.h.Row(to), in.h.Row(from))
		copy(shuffled.cond.Row(to), in.cond.Row(from))
	}
	qx, qh := evaluate(t, f, in)
	gx, gh := evaluate(t, f, shuffled)
	for to, from := range perm {
		compare(t, "q_x", gx[3*to:3*to+3], qx[3*from:3*from+3])
		compare(t, "q_h", gh[4*to:4*to+4], qh[4*from:4*from+4])
	}
}

// A molecule's prediction does not depend on what else is in the batch, and its
// displacement has mean zero.
func TestMoleculesAreIndependent(t *testing.T) {
	for _, c := range []Config{variants()[0], twins()[0]} {
		independent(t, c)
	}
}

func independent(t *testing.T, c Config) {
	f, in := strong[float64](c, 3), randomInput[float64](c, mixed, 4)
	qx, _ := evaluate(t, f, in)
	first := 0
	for _, n := range mixed {
		alone := in
		alone.sizes = []int{n}
		alone.x = autograd.Const(n, 3, in.x.Data[3*first:3*(first+n)])
		alone.h = autograd.Const(n, 4, in.h.Data[4*first:4*(first+n)])
		alone.cond = autograd.Const(n, 1, in.cond.Data[first:first+n])
		gx, _ := evaluate(t, f, alone)
		compare(t, fmt.Sprintf("molecule of %d atoms", n), gx, qx[3*first:3*(first+n)])
		var mean [3]float64
		for i, v := range gx {
			mean[i%3] += v / float64(n)
		}
		compare(t, "mean displacement", mean[:], []float64{0, 0, 0})
		first += n
	}
}

func compare(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for i := range want {
		if e := math.Abs(got[i] - want[i]); !(e <= lawTolerance*(1+math.Abs(want[i]))) {
			t.Fatalf("%s: %v, want %v", what, got[i], want[i])
		}
	}
}

// Not one bit of a molecule's prediction depends on what else is in the batch, nor
// on where its pairs fall in the blocks.
func TestMoleculesAreIndependentToTheBit(t *testing.T) {
	autograd.Use32(kernel.BLAS{})
	for i, c := range networks() {
		if leftOut(i) {
			continue
		}
		c.Hidden = 20
		sizes := []int{1, 2, 19, 70, 5, 17, blockRows + 40, 29, 18} // 70: fewer than three receivers a block
		if testing.Short() {
			sizes[6] = 30
		}
		f, in := strong[float32](c, 3), randomInput[float32](c, sizes, 4)
		predict := func(sizes []int, first int) []float32 {
			n := 0
			for _, s := range sizes {
				n += s
			}
			rows := func(x *autograd.Tensor[float32]) *autograd.Tensor[float32] {
				return autograd.Const(n, x.Cols, x.Data[first*x.Cols:(first+n)*x.Cols])
			}
			qx, qh, err := f.Forward(autograd.NewTape[float32](), f.params.Bind(nil), sizes, rows(in.x), rows(in.h), rows(in.cond))
			if err != nil {
				t.Fatal(err)
			}
			return slices.Concat(qx.Data, qh.Data)
		}
		together, atoms, first := predict(sizes, 0), in.x.Rows, 0
		for _, n := range sizes {
			alone := predict([]int{n}, first)
			shared := slices.Concat(together[3*first:3*(first+n)], together[3*atoms+4*first:3*atoms+4*(first+n)])
			if !slices.Equal(alone, shared) {
				t.Errorf("variant %d: a molecule of %d atoms has other bits alone", i, n)
			}
			first += n
		}
	}
}
