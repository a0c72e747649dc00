package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// A call is one kernel on its arguments: x[i] holds sizes[i] elements. The sizes
// are in terms of rows r and columns n.
type call struct {
	name  string
	sizes func(r, n int) []int
	out   int // the first out arguments are written
	fast  func(x [][]float32, r, n int)
	plain func(x [][]float32, r, n int)
	setUp func(x [][]float32) // makes arguments what the kernel may assume, or nil
	tol   float64             // of each element, times 1 + the largest argument's size
}

func flat(k int) func(r, n int) []int {
	return func(_, n int) []int {
		s := make([]int, k)
		for i := range s {
			s[i] = n
		}
		return s
	}
}

var adamTest = AdamWStep{LR: 0.01, WeightDecay: 0.1, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, T: 3, GradScale: 0.5}

// ulp32 is half a unit in the last place of 1.
const ulp32 = 1.0 / (1 << 24)

var calls = []call{
	{"Exp", flat(2), 1, func(x [][]float32, _, _ int) { Exp(x[0], x[1]) }, func(x [][]float32, _, _ int) { expGo(x[0], x[1]) }, nil, 4 * ulp32},
	{"Sigmoid", flat(2), 1, func(x [][]float32, _, _ int) { Sigmoid(x[0], x[1]) }, func(x [][]float32, _, _ int) { sigmoidGo(x[0], x[1]) }, nil, 6 * ulp32},
	{"Tanh", flat(2), 1, func(x [][]float32, _, _ int) { Tanh(x[0], x[1]) }, func(x [][]float32, _, _ int) { tanhGo(x[0], x[1]) }, nil, 6 * ulp32},
	{"SiLU", flat(2), 1, func(x [][]float32, _, _ int) { SiLU(x[0], x[1]) }, func(x [][]float32, _, _ int) { siluGo(x[0], x[1]) }, nil, 6 * ulp32},
	{"SiLUBoth", flat(3), 2, func(x [][]float32, _, _ int) { SiLUBoth(x[0], x[1], x[2]) }, func(x [][]float32, _, _ int) { siluBothGo(x[0], x[1], x[2]) }, nil, 8 * ulp32},
	{"SiLUGrad", flat(3), 1, func(x [][]float32, _, _ int) { SiLUGrad(x[0], x[1], x[2]) }, func(x [][]float32, _, _ int) { siluGradGo(x[0], x[1], x[2]) }, nil, 16 * ulp32},
	{"SigmoidGrad", flat(3), 1, func(x [][]float32, _, _ int) { SigmoidGrad(x[0], x[1], x[2]) }, func(x [][]float32, _, _ int) { sigmoidGradGo(x[0], x[1], x[2]) }, nil, 16 * ulp32},
	{"TanhGrad", flat(3), 1, func(x [][]float32, _, _ int) { TanhGrad(x[0], x[1], x[2]) }, func(x [][]float32, _, _ int) { tanhGradGo(x[0], x[1], x[2]) }, nil, 16 * ulp32},
	{"Add", flat(2), 1, func(x [][]float32, _, _ int) { Add(x[0], x[1]) }, func(x [][]float32, _, _ int) { addGo(x[0], x[1]) }, nil, 0},
	{"Mul", flat(3), 1, func(x [][]float32, _, _ int) { Mul(x[0], x[1], x[2]) }, func(x [][]float32, _, _ int) { mulGo(x[0], x[1], x[2]) }, nil, 0},
	{"MulAdd", flat(3), 1, func(x [][]float32, _, _ int) { MulAdd(x[0], x[1], x[2]) }, func(x [][]float32, _, _ int) { mulAddGo(x[0], x[1], x[2]) }, nil, 8 * ulp32},
	{"AddScaled", flat(2), 1, func(x [][]float32, _, _ int) { AddScaled(x[0], -1.5, x[1]) }, func(x [][]float32, _, _ int) { addScaledGo(x[0], -1.5, x[1]) }, nil, 4 * ulp32},
	{"Scale", flat(2), 1, func(x [][]float32, _, _ int) { Scale(x[0], -1.7, x[1]) }, func(x [][]float32, _, _ int) { scaleGo(x[0], -1.7, x[1]) }, nil, 0},
	{"Lerp", flat(2), 1, func(x [][]float32, _, _ int) { Lerp(x[0], x[1], 0.3) }, func(x [][]float32, _, _ int) { lerpGo(x[0], x[1], 0.3) }, nil, 4 * ulp32},
	{"Dot", func(_, n int) []int { return []int{1, n, n} }, 1,
		func(x [][]float32, _, _ int) { x[0][0] = Dot(x[1], x[2]) }, func(x [][]float32, _, _ int) { x[0][0] = dotGo(x[1], x[2]) }, nil, 512 * ulp32},
	{"SumSquares", func(_, n int) []int { return []int{1, n} }, 1,
		func(x [][]float32, _, _ int) { x[0][0] = float32(SumSquares(x[1])) }, func(x [][]float32, _, _ int) { x[0][0] = float32(sumSquaresGo(x[1])) }, nil, 2 * ulp32},
	{"AddRow", func(r, n int) []int { return []int{r * n, n} }, 1,
		func(x [][]float32, _, _ int) { AddRow(x[0], x[1]) }, func(x [][]float32, r, _ int) { addRowGo(x[0], x[1], r) }, nil, 0},
	{"SumRows", func(r, n int) []int { return []int{n, r * n} }, 1,
		func(x [][]float32, _, _ int) { SumRows(x[0], x[1]) }, func(x [][]float32, r, _ int) { sumRowsGo(x[0], x[1], r) }, nil, 0},
	{"RowDot", func(r, n int) []int { return []int{r, r * n, n} }, 1,
		func(x [][]float32, _, _ int) { RowDot(x[0], x[1], x[2]) }, func(x [][]float32, _, _ int) { rowDotGo(x[0], x[1], x[2]) }, nil, 512 * ulp32},
	{"ScaleRowsAdd", func(r, n int) []int { return []int{n, r * n, r} }, 1,
		func(x [][]float32, _, _ int) { ScaleRowsAdd(x[0], x[1], x[2]) }, func(x [][]float32, _, _ int) { scaleRowsAddGo(x[0], x[1], x[2]) }, nil, 64 * ulp32},
	{"BiasSiLU", func(r, n int) []int { return []int{r * n, r * n, n} }, 1,
		func(x [][]float32, _, _ int) { BiasSiLU(x[0], x[1], x[2]) }, func(x [][]float32, r, _ int) { biasSiLUGo(x[0], x[1], x[2], r) }, nil, 6 * ulp32},
	{"BiasSiLUBoth", func(r, n int) []int { return []int{r * n, r * n, r * n, n} }, 2,
		func(x [][]float32, _, _ int) { BiasSiLUBoth(x[0], x[1], x[2], x[3]) }, func(x [][]float32, r, _ int) { biasSiLUBothGo(x[0], x[1], x[2], x[3], r) }, nil, 8 * ulp32},
	{"AdamW", flat(5), 4,
		func(x [][]float32, _, _ int) { AdamW(x[0], x[1], x[2], x[3], x[4], adamTest) },
		func(x [][]float32, _, _ int) { adamWGo(x[0], x[1], x[2], x[3], x[4], adamTest) }, squareRoots, 32 * ulp32},
}

// squareRoots makes v and vmax of AdamW what they are: not negative.
func squareRoots(x [][]float32) {
	for _, v := range x[2:4] {
		for i := range v {
			v[i] = float32(math.Abs(float64(v[i])))
		}
	}
}

const guard = 20 // elements around every argument that no kernel may touch

// arena lays the arguments out, each at its own misalignment, and returns them
// with the whole memory.
func arena(sizes []int, fill func() float32) (args [][]float32, whole []float32) {
	total := guard
	for i, s := range sizes {
		total += s + guard + i
	}
	whole = make([]float32, total)
	for i := range whole {
		whole[i] = fill()
	}
	at := guard
	for i, s := range sizes {
		args = append(args, whole[at:at+s:at+s])
		at += s + guard + i
	}
	return args, whole
}

// Every kernel does what its twin does, at every length and misalignment, and
// writes nothing else.
func TestKernelsAgreeWithTwins(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(7, 8))
		ordinary := func() float32 { return float32(2 * rnd.NormFloat64()) }
		for _, c := range calls {
			for n := range 68 {
				for _, r := range []int{0, 1, 2, 3, 5, 7} {
					checkCall(t, c, r, n, ordinary)
				}
			}
		}
	})
}

func checkCall(t *testing.T, c call, r, n int, fill func() float32) {
	t.Helper()
	if n == 0 && r > 0 && (c.name == "SumRows" || c.name == "AddRow") {
		r = 0
	}
	sizes := c.sizes(r, n)
	got, gotAll := arena(sizes, fill)
	want, wantAll := arena(sizes, fill)
	if c.setUp != nil {
		c.setUp(got)
	}
	copy(wantAll, gotAll)
	c.fast(got, r, n)
	c.plain(want, r, n)
	tol := c.tol * (1 + largest(wantAll))
	for i := range gotAll {
		if !alike(gotAll[i], wantAll[i], tol) {
			a, j := place(gotAll, got, i)
			t.Fatalf("%s rows %d n %d: argument %d[%d] (writes %d): got %v, want %v", c.name, r, n, a, j, c.out, gotAll[i], wantAll[i])
		}
	}
	for i, a := range got[c.out:] {
		for j := range a {
			if w := want[c.out+i][j]; math.Float32bits(a[j]) != math.Float32bits(w) {
				t.Fatalf("%s wrote to its argument %d", c.name, c.out+i)
			}
		}
	}
}

// largest is the size of the largest finite element.
func largest(x []float32) (m float64) {
	for _, v := range x {
		if size := math.Abs(float64(v)); size > m && size <= math.MaxFloat32 {
			m = size
		}
	}
	return m
}

// place names the argument that element i of the memory belongs to, −1 for none.
func place(whole []float32, args [][]float32, i int) (arg, index int) {
	for a, x := range args {
		if len(x) == 0 {
			continue
		}
		at := int(uintptr(unsafe.Pointer(&x[0]))-uintptr(unsafe.Pointer(&whole[0]))) / 4
		if i >= at && i < at+len(x) {
			return a, i - at
		}
	}
	return -1, i
}

// alike tells whether a and b are within tol, or the same infinity, or both NaN.
func alike(a, b float32, tol float64) bool {
	return a == b || a != a && b != b || math.Abs(float64(a)-float64(b)) <= tol
}
