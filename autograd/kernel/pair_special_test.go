package kernel

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// fusedPairs models the assembly of the kernels over runs, to the bit: which products are
// fused with a sum, and in which order sums run. One that is not here is its twin, and so
// are all where there is no assembly, but for the activation.
var fusedPairs = map[string]func(x [][]float32, n int, runs []Run){
	"PairSiLU": func(x [][]float32, _ int, runs []Run) {
		fusedPre(x[0], x[1], x[2], x[3], x[4], x[5], x[6], runs)
		SiLU(x[0], x[0])
	},
	"PairSiLUBoth": func(x [][]float32, _ int, runs []Run) {
		fusedPre(x[0], x[2], x[3], x[4], x[5], x[6], x[7], runs)
		SiLUBoth(x[0], x[1], x[0])
	},
	"PairGrad": func(x [][]float32, n int, runs []Run) {
		for at := 0; at < n; {
			vectors := stripe(n - at)
			eachPair(runs, func(_, _, p int) {
				addStripe(x[4:6], x[10:12], x[6], x[7], p, n, at, vectors)
			})
			at += vectors * lanes()
		}
		for k := range n {
			eachRun(runs, func(r Run, p int) {
				var du, dwd, dw0 float32
				for j := range r.N {
					g := float32(x[6][(p+j)*n+k] * x[7][(p+j)*n+k])
					x[1][(r.J+j)*n+k] += g
					du, dwd, dw0 = du+g, fma(g, x[8][p+j], dwd), fma(g, x[9][p+j], dw0)
				}
				x[0][r.I*n+k] += du
				x[2][k] += dwd
				x[3][k] += dw0
			})
		}
	},
	"PairSum": func(x [][]float32, n int, runs []Run) {
		eachRun(runs, func(r Run, p int) {
			for k := range n {
				var sum float32
				for j := range r.N {
					sum = fma(x[1][(p+j)*n+k], x[2][p+j], sum)
				}
				x[0][r.I*n+k] += sum
			}
		})
	},
	"PairDot": func(x [][]float32, n int, runs []Run) {
		eachPair(runs, func(i, _, p int) { x[0][p] = laneDot(x[1][p*n:p*n+n], x[2][i*n:i*n+n], 1) })
	},
	"PairOuter": func(x [][]float32, n int, runs []Run) {
		eachPair(runs, func(i, _, p int) {
			for k, w := range x[4] {
				x[0][p*n+k] = fma(x[3][p], w, x[1][p]*x[2][i*n+k]) * x[5][p*n+k]
			}
		})
	},
	"PairDistances": func(x [][]float32, _ int, runs []Run) {
		atoms := len(x[1]) / 3
		eachPair(runs, func(i, j, p int) {
			for axis := range 3 {
				t := x[1][axis*atoms+i] - x[1][axis*atoms+j]
				if axis == 0 {
					x[0][p] = t * t
				} else {
					x[0][p] = fma(t, t, x[0][p])
				}
			}
		})
	},
	"PairDistancesGrad": func(x [][]float32, _ int, runs []Run) {
		alongRuns(x[0], x[1], runs, func(i, j, p int, sum *float32) {
			t := float32((x[2][p] + x[2][p]) * (x[1][i] - x[1][j]))
			*sum += t
			x[0][j] -= t
		})
	},
	"PairShift": func(x [][]float32, _ int, runs []Run) {
		alongRuns(x[0], x[1], runs, func(i, j, p int, sum *float32) { *sum = fma(x[2][p], x[1][i]-x[1][j], *sum) })
	},
	"PairShiftGrad": func(x [][]float32, _ int, runs []Run) {
		clear(x[1])
		alongRuns(x[0], x[2], runs, func(i, j, p int, sum *float32) {
			x[1][p] = fma(x[2][i]-x[2][j], x[4][i], x[1][p])
			x[0][j] = fma(-x[3][p], x[4][i], x[0][j])
			*sum = fma(x[3][p], x[4][i], *sum)
		})
	},
}

// lanes is the number of float32 in a vector.
func lanes() int { return simd.gemm.nr / 2 }

// eachRun calls f with each run and the number of its first pair.
func eachRun(runs []Run, f func(r Run, p int)) {
	p := 0
	for _, r := range runs {
		f(r, p)
		p += r.N
	}
}

// eachPair calls f with receiver, sender and number of each pair.
func eachPair(runs []Run, f func(i, j, p int)) {
	eachRun(runs, func(r Run, p int) {
		for k := range r.N {
			f(r.I, r.J+k, p+k)
		}
	})
}

// fusedPre is pairPreGo, fused where there is assembly.
func fusedPre(a, u, v, d, d0, wd, w0 []float32, runs []Run) {
	if simd == nil {
		pairPreGo(a, u, v, d, d0, wd, w0, runs)
		return
	}
	n := len(wd)
	eachPair(runs, func(i, j, p int) {
		for k := range n {
			a[p*n+k] = fma(w0[k], d0[p], fma(wd[k], d[p], u[i*n+k]+v[j*n+k]))
		}
	})
}

// stripe is how many vectors of a row PairGrad takes side by side while n columns are left.
func stripe(n int) int {
	for _, vectors := range map[int][]int{4: {4}, 16: {4, 2}}[lanes()] {
		if n >= vectors*lanes() {
			return vectors
		}
	}
	return 1
}

// addStripe adds da⊙slope times each of w, over some vectors of a pair's row, to its
// number in each of dd.
func addStripe(dd, w [][]float32, da, slope []float32, p, n, at, vectors int) {
	for c := range dd {
		sums := make([]float32, lanes())
		for k := at; k < min(at+vectors*lanes(), n); k++ {
			s := &sums[(k-at)%lanes()]
			*s = fma(da[p*n+k]*slope[p*n+k], w[c][k], *s)
		}
		fours := make([][2]float32, lanes()/4)
		for q := range fours {
			fours[q] = [2]float32{sums[4*q] + sums[4*q+2], sums[4*q+1] + sums[4*q+3]}
		}
		for half := len(fours) / 2; half > 0; half /= 2 {
			for q := range half {
				fours[q][0] += fours[half+q][0]
				fours[q][1] += fours[half+q][1]
			}
		}
		dd[c][p] += fours[0][0] + fours[0][1]
	}
}

// alongRuns calls f for each pair and axis, with the places of receiver and sender among
// the coordinates x and the sum of a lane, as many pairs side by side as a vector has
// lanes. Then it adds the lanes up, to the receiver's number in y.
func alongRuns(y, x []float32, runs []Run, f func(i, j, p int, sum *float32)) {
	atoms := len(x) / 3
	eachRun(runs, func(r Run, p int) {
		for at := 0; at < len(x); at += atoms {
			sums := make([]float32, lanes())
			for k := range r.N {
				f(at+r.I, at+r.J+k, p+k, &sums[k%lanes()])
			}
			for half := len(sums) / 2; half > 0; half /= 2 {
				for k := range half {
					sums[k] += sums[half+k]
				}
			}
			y[at+r.I] += sums[0]
		}
	})
}

// eachSpecialPair is eachSpecial for the kernels over runs.
func eachSpecialPair(values []float32, f func(c pairCall, n int, runs []Run, got, want [][]float32, gotAll, wantAll []float32)) {
	rnd := rand.New(rand.NewPCG(25, 26))
	lists, atoms := runLists()
	times := 4
	if testing.Short() {
		times = 1
	}
	for _, c := range pairCalls {
		for _, n := range []int{1, 3, 8, 15, 16, 17, 33, 67, 130} {
			for k, runs := range lists {
				for range times {
					sizes, fill := c.sizes(atoms[k], pairsOf("", runs, atoms[k]), n), fillFrom(rnd, values)
					got, gotAll := arena(sizes, fill)
					want, wantAll := arena(sizes, fill)
					copy(wantAll, gotAll)
					f(c, n, runs, got, want, gotAll, wantAll)
				}
			}
		}
	}
}

// Of the kernels over runs, too, over- and underflow, infinities, NaN and the sign of zero
// come out as the model has them, to the bit.
func TestSpecialValuesOfPairsToTheBit(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		eachSpecialPair(specials, func(c pairCall, n int, runs []Run, got, want [][]float32, gotAll, wantAll []float32) {
			model := c.plain
			if f := fusedPairs[c.name]; f != nil && (simd != nil || strings.HasPrefix(c.name, "PairSiLU")) {
				model = f
			}
			in := slices.Clone(gotAll)
			c.fast(got, n, runs)
			model(want, n, runs)
			for i := range gotAll {
				if !sameBits(gotAll[i], wantAll[i]) {
					a, j := place(gotAll, got, i)
					t.Fatalf("%s n %d runs %v: argument %d[%d], %v before: got %v, want %v", c.name, n, runs, a, j, in[i], gotAll[i], wantAll[i])
				}
			}
		})
	})
}

// Where nothing is rounded, such a kernel and its twin have the same class. Only a −0 to
// which a run adds nothing but −0 is +0 in assembly, where a run's sum begins at +0.
func TestSpecialValuesOfPairTwins(t *testing.T) {
	eachISA(t, func(t *testing.T) {
		eachSpecialPair(exact, func(c pairCall, n int, runs []Run, got, want [][]float32, gotAll, wantAll []float32) {
			in := slices.Clone(gotAll)
			c.fast(got, n, runs)
			c.plain(want, n, runs)
			scale := 256 * ulp32 * (1 + largest(wantAll))
			for i := range gotAll {
				lost := simd != nil && class(in[i]) == "-0" && class(gotAll[i]) == "+0" && class(wantAll[i]) == "-0"
				if class(gotAll[i]) != class(wantAll[i]) && !lost || !alike(gotAll[i], wantAll[i], scale) {
					a, j := place(gotAll, got, i)
					t.Errorf("%s n %d runs %v: argument %d[%d], %v before: got %v, want %v", c.name, n, runs, a, j, in[i], gotAll[i], wantAll[i])
					return
				}
			}
		})
	})
}
