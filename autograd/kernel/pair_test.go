package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// A pairCall is one kernel over a list of runs, beside its twin.
type pairCall struct {
	name  string
	sizes func(atoms, pairs, n int) []int
	out   int // the first out arguments are written
	fast  func(x [][]float32, n int, runs []Run)
	plain func(x [][]float32, n int, runs []Run)
	alias [][2]int // a result and an argument that may be one slice
}

var pairCalls = []pairCall{
	{"PairSiLU", func(a, p, n int) []int { return []int{p * n, a * n, a * n, p, p, n, n} }, 1,
		func(x [][]float32, _ int, runs []Run) { PairSiLU(x[0], x[1], x[2], x[3], x[4], x[5], x[6], runs) },
		func(x [][]float32, _ int, runs []Run) { pairSiLUGo(x[0], x[1], x[2], x[3], x[4], x[5], x[6], runs) }, nil},
	{"PairSiLUBoth", func(a, p, n int) []int { return []int{p * n, p * n, a * n, a * n, p, p, n, n} }, 2,
		func(x [][]float32, _ int, runs []Run) {
			PairSiLUBoth(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], runs)
		},
		func(x [][]float32, _ int, runs []Run) {
			pairSiLUBothGo(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], runs)
		}, nil},
	{"PairGrad", func(a, p, n int) []int { return []int{a * n, a * n, n, n, p, p, p * n, p * n, p, p, n, n} }, 6,
		func(x [][]float32, _ int, runs []Run) {
			PairGrad(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11], runs)
		},
		func(x [][]float32, _ int, runs []Run) {
			pairGradGo(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7], x[8], x[9], x[10], x[11], runs)
		}, nil},
	{"PairSum", func(a, p, n int) []int { return []int{a * n, p * n, p} }, 1,
		func(x [][]float32, n int, runs []Run) { PairSum(x[0], x[1], x[2], n, runs) },
		func(x [][]float32, n int, runs []Run) { pairSumGo(x[0], x[1], x[2], n, runs) }, nil},
	{"PairDot", func(a, p, n int) []int { return []int{p, p * n, a * n} }, 1,
		func(x [][]float32, n int, runs []Run) { PairDot(x[0], x[1], x[2], n, runs) },
		func(x [][]float32, n int, runs []Run) { pairDotGo(x[0], x[1], x[2], n, runs) }, nil},
	{"PairOuter", func(a, p, n int) []int { return []int{p * n, p, a * n, p, n, p * n} }, 1,
		func(x [][]float32, _ int, runs []Run) { PairOuter(x[0], x[1], x[2], x[3], x[4], x[5], runs) },
		func(x [][]float32, _ int, runs []Run) { pairOuterGo(x[0], x[1], x[2], x[3], x[4], x[5], runs) }, [][2]int{{0, 5}}},
	{"DotGrad", func(_, p, n int) []int { return []int{p * n, p, n, p * n} }, 1,
		func(x [][]float32, _ int, _ []Run) { DotGrad(x[0], x[1], x[2], x[3]) },
		func(x [][]float32, _ int, _ []Run) { dotGradGo(x[0], x[1], x[2], x[3]) }, [][2]int{{0, 3}}},
	{"PairDistances", func(a, p, _ int) []int { return []int{p, 3 * a} }, 1,
		func(x [][]float32, _ int, runs []Run) { PairDistances(x[0], x[1], runs) },
		func(x [][]float32, _ int, runs []Run) { pairDistancesGo(x[0], x[1], runs) }, nil},
	{"PairDistancesGrad", func(a, p, _ int) []int { return []int{3 * a, 3 * a, p} }, 1,
		func(x [][]float32, _ int, runs []Run) { PairDistancesGrad(x[0], x[1], x[2], runs) },
		func(x [][]float32, _ int, runs []Run) { pairDistancesGradGo(x[0], x[1], x[2], runs) }, nil},
	{"PairShift", func(a, p, _ int) []int { return []int{3 * a, 3 * a, p} }, 1,
		func(x [][]float32, _ int, runs []Run) { PairShift(x[0], x[1], x[2], runs) },
		func(x [][]float32, _ int, runs []Run) { pairShiftGo(x[0], x[1], x[2], runs) }, nil},
	{"PairShiftGrad", func(a, p, _ int) []int { return []int{3 * a, p, 3 * a, p, 3 * a} }, 2,
		func(x [][]float32, _ int, runs []Run) { PairShiftGrad(x[0], x[1], x[2], x[3], x[4], runs) },
		func(x [][]float32, _ int, runs []Run) { pairShiftGradGo(x[0], x[1], x[2], x[3], x[4], runs) }, nil},
	{"Length", func(_, p, n int) []int { return []int{p * n, p * n} }, 1,
		func(x [][]float32, _ int, _ []Run) { Length(x[0], x[1], 1e-3) },
		func(x [][]float32, _ int, _ []Run) { lengthGo(x[0], x[1], 1e-3) }, [][2]int{{0, 1}}},
	{"Inverse", func(_, p, n int) []int { return []int{p * n, p * n} }, 1,
		func(x [][]float32, _ int, _ []Run) { Inverse(x[0], x[1], 20, 3) },
		func(x [][]float32, _ int, _ []Run) { inverseGo(x[0], x[1], 20, 3) }, [][2]int{{0, 1}}},
}

// runLists are lists of runs, and how many atoms they are of: none, an empty run,
// one of every length up to two vectors and a rest, many of a receiver.
func runLists() (lists [][]Run, atoms []int) {
	add := func(n int, runs ...Run) { lists, atoms = append(lists, runs), append(atoms, n) }
	add(1)
	add(2, Run{0, 1, 0})
	add(2, Run{1, 0, 1})
	for n := 2; n <= 35; n += 3 {
		add(n+1, Run{n, 0, n})
	}
	add(9, Run{0, 1, 8}, Run{1, 0, 1}, Run{1, 2, 7}, Run{2, 0, 2}, Run{2, 3, 6}, Run{8, 0, 8})
	return lists, atoms
}

// Every kernel over runs does what its twin does, with NaN in one place too, at
// every width and misalignment, and writes nothing else.
func TestPairKernelsAgreeWithTwins(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(17, 18))
		lists, atoms := runLists()
		for _, c := range pairCalls {
			for _, n := range []int{1, 3, 7, 8, 15, 16, 17, 31, 32, 33, 47, 63, 64, 67, 100} {
				for k, runs := range lists {
					sizes := c.sizes(atoms[k], pairsOf("", runs, atoms[k]), n)
					checkPairCall(t, c, rnd, sizes, n, runs, -1)
					checkPairCall(t, c, rnd, sizes, n, runs, rnd.IntN(len(sizes)))
				}
			}
		}
	})
}

// checkPairCall runs kernel and twin, with a NaN in argument spoilt if that is not
// negative.
func checkPairCall(t *testing.T, c pairCall, rnd *rand.Rand, sizes []int, n int, runs []Run, spoilt int) {
	t.Helper()
	fill := func() float32 { return float32(2 * math.Abs(rnd.NormFloat64())) }
	if c.name != "Length" {
		fill = func() float32 { return float32(2 * rnd.NormFloat64()) }
	}
	got, gotAll := arena(sizes, fill)
	want, wantAll := arena(sizes, fill)
	if spoilt >= 0 && sizes[spoilt] > 0 {
		got[spoilt][rnd.IntN(sizes[spoilt])] = float32(math.NaN())
	}
	copy(wantAll, gotAll)
	c.fast(got, n, runs)
	c.plain(want, n, runs)
	size := 1.0
	for _, v := range wantAll {
		if v == v {
			size = max(size, math.Abs(float64(v)))
		}
	}
	for i, w := range wantAll {
		g := gotAll[i]
		if !(g == w || g != g && w != w || math.Abs(float64(g)-float64(w)) <= 256*ulp32*(1+size)) {
			a, j := place(gotAll, got, i)
			t.Fatalf("%s n %d runs %v, NaN in %d: argument %d[%d]: got %v, want %v", c.name, n, runs, spoilt, a, j, g, w)
		}
	}
	for i := c.out; i < len(got); i++ {
		for j, v := range got[i] {
			if math.Float32bits(v) != math.Float32bits(want[i][j]) {
				t.Fatalf("%s wrote to its argument %d", c.name, i)
			}
		}
	}
}

// In place, where allowed, the results are the same to the bit, and no call
// allocates.
func TestPairKernelsInPlace(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rnd, runs := rand.New(rand.NewPCG(19, 20)), []Run{{0, 1, 8}, {1, 0, 1}, {1, 2, 7}}
		const n = 67
		for _, c := range pairCalls {
			args, _ := arena(c.sizes(9, 16, n), func() float32 { return float32(math.Abs(rnd.NormFloat64())) })
			if allocs := testing.AllocsPerRun(5, func() { c.fast(args, n, runs) }); allocs != 0 {
				t.Errorf("%s: %v allocations a call", c.name, allocs)
			}
			for _, pair := range c.alias {
				in := slices.Clone(args[pair[1]])
				c.fast(args, n, runs)
				var want [][]float32
				for _, a := range args[:c.out] {
					want = append(want, slices.Clone(a))
				}
				copy(args[pair[1]], in)
				aliased := slices.Clone(args)
				aliased[pair[0]] = aliased[pair[1]]
				c.fast(aliased, n, runs)
				for i := range want {
					if !slices.Equal(aliased[i], want[i]) {
						t.Errorf("%s with argument %d as result %d: result %d differs", c.name, pair[1], pair[0], i)
					}
				}
				copy(args[pair[1]], in)
			}
		}
	})
}

// A pair's numbers, and a receiver's sums, have the same bits alone as in a list.
func TestPairKernelsSameBits(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(21, 22))
		runs := []Run{{0, 1, 8}, {1, 0, 1}, {1, 2, 7}, {5, 0, 5}}
		const atoms, pairs, n = 9, 21, 40
		u, v, wd := randoms(rnd, atoms*n), randoms(rnd, atoms*n), randoms(rnd, n)
		x, y, a := randoms(rnd, 3*atoms), make([]float32, atoms*n), make([]float32, pairs*n)
		d, dot := make([]float32, pairs), make([]float32, pairs)
		forward := func(runs []Run, p, q int) {
			PairDistances(d[p:q], x, runs)
			PairSiLU(a[p*n:q*n], u, v, d[p:q], d[p:q], wd, wd, runs)
			RowDot(dot[p:q], a[p*n:q*n], wd)
			PairSum(y, a[p*n:q*n], dot[p:q], n, runs)
		}
		forward(runs, 0, pairs)
		wantA, wantY, wantDot := slices.Clone(a), slices.Clone(y), slices.Clone(dot)
		clear(y)
		p := 0
		for k, r := range runs {
			forward(runs[k:k+1], p, p+r.N)
			p += r.N
		}
		if !slices.Equal(a, wantA) || !slices.Equal(dot, wantDot) || !slices.Equal(y, wantY) {
			t.Error("one run at a time: other bits")
		}
	})
}

// The activation has the same bits with its derivative as without.
func TestActivationSameBitsWithDerivative(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(23, 24))
		x, bias := randoms(rnd, 20*50), randoms(rnd, 50)
		x[3], x[4], x[5] = 100, -100, -88
		plain, both, slope := make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(x))
		SiLU(plain, x)
		SiLUBoth(both, slope, x)
		if !slices.Equal(plain, both) {
			t.Error("SiLU and SiLUBoth differ")
		}
		BiasSiLU(plain, x, bias)
		BiasSiLUBoth(both, slope, x, bias)
		if !slices.Equal(plain, both) {
			t.Error("BiasSiLU and BiasSiLUBoth differ")
		}
	})
}

func TestPairKernelsPanic(t *testing.T) {
	for _, r := range []Run{{2, 0, 1}, {0, 1, 2}, {-1, 0, 1}, {0, -1, 1}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("run %v of 2 atoms: no panic", r)
				}
			}()
			PairDistances(make([]float32, max(r.N, 0)), make([]float32, 6), []Run{r})
		}()
	}
}

// BenchmarkPairKernels runs a molecule of 18 atoms, in time a pair.
func BenchmarkPairKernels(b *testing.B) {
	const atoms, n = 18, 32
	var runs []Run
	for i := range atoms {
		runs = append(runs, Run{i, 0, i}, Run{i, i + 1, atoms - i - 1})
	}
	pairs, rnd := pairsOf("", runs, atoms), rand.New(rand.NewPCG(9, 10))
	for _, c := range pairCalls {
		args, _ := arena(c.sizes(atoms, pairs, n), func() float32 { return rnd.Float32() })
		for _, impl := range []struct {
			name string
			f    func(x [][]float32, n int, runs []Run)
		}{{"fast", c.fast}, {"twin", c.plain}} {
			b.Run(c.name+"/"+impl.name, func(b *testing.B) {
				for b.Loop() {
					impl.f(args, n, runs)
				}
				b.ReportMetric(b.Elapsed().Seconds()*1e9/float64(b.N*pairs), "ns/pair")
			})
		}
	}
}
