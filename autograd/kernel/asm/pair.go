package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// A run of pairs in memory is three integers: receiver, first sender, senders.
const (
	runReceiver = 0
	runSender   = 8
	runLength   = 16
	runBytes    = 24
)

// pair writes the functions over (pairs, n), the pairs listed as runs.
func (v isa) pair() {
	v.pairSiLU("pairSiLU", "(a, u, v, d, d0, wd, w0 *float32, n int, runs *int, count int)",
		"writes a[p,:] = SiLU(u[i,:] + v[j,:] + d[p]·wd + d0[p]·w0).", false)
	v.pairSiLU("pairSiLUBoth", "(a, slope, u, v, d, d0, wd, w0 *float32, n int, runs *int, count int)",
		"writes pairSiLU and its derivative.", true)
	v.pairGrad()
	v.pairSum()
	v.pairDot()
	v.pairOuter()
	v.dotGrad()
}

// eachRun runs body for every run; pair is the number of its first pair.
func eachRun(body func(run, pair GPVirtual)) {
	run, count, pair := arg("runs"), arg("count"), GP64()
	XORQ(pair, pair)
	loop, done := label("run"), label("runsDone")
	Label(loop)
	DECQ(count)
	JLT(LabelRef(done))
	body(run, pair)
	ADDQ(at(run, runLength), pair)
	ADDQ(U32(runBytes), run)
	JMP(LabelRef(loop))
	Label(done)
}

// stripeWidths are the vectors side by side of a body whose sums or constants
// take up to four registers a vector.
func (v isa) stripeWidths() []int {
	if v.lanes == 16 {
		return []int{4, 2, 1}
	}
	return []int{1}
}

// rowPlace returns where column c of a row of a parameter is: base + row·stride
// + c.
func (c cols) rowPlace(name string, row Op, stride GPVirtual) GPVirtual {
	place := GP64()
	MOVQ(row, place)
	IMULQ(stride, place)
	ADDQ(paramAddr(name), place)
	ADDQ(c.index, place)
	return place
}

// rowStride returns the bytes of a row of n columns and the mask of its end.
func (v isa) rowStride() (stride GPVirtual, mask Register) {
	n := arg("n")
	mask = v.tailMask(n)
	SHLQ(U8(2), n)
	return n, mask
}

// vectors loads a row's vectors from base on.
func (c cols) vectors(base GPVirtual, n int) []VecVirtual {
	r := make([]VecVirtual, n)
	for i := range r {
		r[i] = c.loadMem(at(base, i*c.bytes()))
	}
	return r
}

// along returns the vectors of a parameter that all pairs share.
func (c cols) along(name string, n int) []VecVirtual { return c.vectors(c.place(name), n) }

// place is where the columns are in a parameter of one row.
func (c cols) place(name string) GPVirtual {
	base := arg(name)
	ADDQ(c.index, base)
	return base
}

// pairSiLU goes down a run's pairs for a few vectors of columns at a time, so that
// what belongs to the receiver and to all pairs stays in registers.
func (v isa) pairSiLU(name, signature, doc string, both bool) {
	v.function(name, signature, doc)
	stride, mask := v.rowStride()
	k := v.expConst(negligible)
	widths := []int{1}
	if v.lanes == 16 {
		widths = []int{2, 1}
	}
	eachRun(func(run, pair GPVirtual) {
		v.stripesOf(paramAddr("n"), mask, widths, func(c cols, vectors int) {
			u := c.vectors(c.rowPlace("u", at(run, runReceiver), stride), vectors)
			wd, w0 := c.along("wd", vectors), c.along("w0", vectors)
			sender, a := c.rowPlace("v", at(run, runSender), stride), c.rowPlace("a", pair, stride)
			pointers := []GPVirtual{sender, a}
			if both {
				pointers = append(pointers, c.rowPlace("slope", pair, stride))
			}
			v.pairs(run, pair, stride, func(p GPVirtual) {
				d, d0 := v.spread(pairOf("d", p)), v.spread(pairOf("d0", p))
				for i := range vectors {
					t := c.loadMem(at(sender, i*v.bytes()))
					VADDPS(u[i], t, t)
					VFMADD231PS(wd[i], d, t)
					VFMADD231PS(w0[i], d0, t)
					y, slope := v.silu(t, k, both)
					c.storeMem(y, at(a, i*v.bytes()))
					if both {
						c.storeMem(slope, at(pointers[2], i*v.bytes()))
					}
				}
			}, pointers...)
		})
	})
	end()
}

// pairs runs body for every pair p of a run, stepping the pointers by stride.
func (v isa) pairs(run, pair, stride GPVirtual, body func(p GPVirtual), pointers ...GPVirtual) {
	p, left := GP64(), GP64()
	MOVQ(pair, p)
	MOVQ(at(run, runLength), left)
	rows(left, stride, func() {
		body(p)
		INCQ(p)
	}, pointers...)
}

// pairOf is the memory of a parameter's number of pair p.
func pairOf(name string, p GPVirtual) Mem { return Mem{Base: arg(name), Index: p, Scale: 4} }

// pairGrad keeps the sums over a run in registers. The two sums over a row are
// halved together.
func (v isa) pairGrad() {
	v.function("pairGrad", "(du, dv, dwd, dw0, dd, dd0, da, slope, d, d0, wd, w0 *float32, n int, runs *int, count int)",
		"adds the gradients of pairSiLU to its inputs.")
	stride, mask := v.rowStride()
	eachRun(func(run, pair GPVirtual) {
		v.stripesOf(paramAddr("n"), mask, v.stripeWidths(), func(c cols, vectors int) {
			wd, w0 := c.along("wd", vectors), c.along("w0", vectors)
			du, dwd, dw0 := v.zeros(vectors), v.zeros(vectors), v.zeros(vectors)
			dv := c.rowPlace("dv", at(run, runSender), stride)
			da, slope := c.rowPlace("da", pair, stride), c.rowPlace("slope", pair, stride)
			v.pairs(run, pair, stride, func(p GPVirtual) {
				d, d0 := v.spread(pairOf("d", p)), v.spread(pairOf("d0", p))
				dd, dd0 := v.zero(), v.zero()
				for i := range vectors {
					g := c.loadMem(at(da, i*v.bytes()))
					VMULPS(c.loadMem(at(slope, i*v.bytes())), g, g)
					sender := c.loadMem(at(dv, i*v.bytes()))
					VADDPS(g, sender, sender)
					c.storeMem(sender, at(dv, i*v.bytes()))
					VADDPS(g, du[i], du[i])
					VFMADD231PS(g, d, dwd[i])
					VFMADD231PS(g, d0, dw0[i])
					VFMADD231PS(g, wd[i], dd)
					VFMADD231PS(g, w0[i], dd0)
				}
				s, s0 := v.sumLanes2(dd, dd0)
				v.addScalar(pairOf("dd", p), s)
				v.addScalar(pairOf("dd0", p), s0)
			}, dv, da, slope)
			c.addTo(c.rowPlace("du", at(run, runReceiver), stride), du)
			c.addTo(c.place("dwd"), dwd)
			c.addTo(c.place("dw0"), dw0)
		})
	})
	end()
}

func (v isa) zeros(n int) []VecVirtual {
	r := make([]VecVirtual, n)
	for i := range r {
		r[i] = v.zero()
	}
	return r
}

// addTo adds sums to the vectors at base.
func (c cols) addTo(base GPVirtual, sums []VecVirtual) {
	for i, s := range sums {
		m := at(base, i*c.bytes())
		VADDPS(c.loadMem(m), s, s)
		c.storeMem(s, m)
	}
}

// addScalar adds lane 0 of s to the number at m.
func (v isa) addScalar(m Mem, s VecVirtual) {
	VADDSS(m, s.AsX(), s.AsX())
	VMOVSS(s.AsX(), m)
}

// sumLanes2 is sumLanes of two vectors, in another order: their lanes are put side
// by side first, so that most steps do both.
func (v isa) sumLanes2(a, b VecVirtual) (sa, sb VecVirtual) {
	lo, hi := v.vec(), v.vec()
	VUNPCKLPS(b, a, lo) // a0 b0 a1 b1
	VUNPCKHPS(b, a, hi)
	VADDPS(hi, lo, lo)
	y, x, t := lo, XMM(), XMM()
	if v.lanes == 16 {
		y = YMM()
		VEXTRACTF64X4(U8(1), lo, y)
		VADDPS(lo.AsY(), y, y)
		VEXTRACTF32X4(U8(1), y, x) // any register, unlike VEXTRACTF128
	} else {
		VEXTRACTF128(U8(1), y, x)
	}
	VADDPS(y.AsX(), x, x)
	VMOVHLPS(x, x, t)
	VADDPS(t, x, x) // sum of a, sum of b
	VMOVSHDUP(x, t)
	return x, t
}

func (v isa) pairSum() {
	v.function("pairSum", "(y, m, gate *float32, n int, runs *int, count int)", "adds y[i,:] += Σ_j gate[p]·m[p,:].")
	stride, mask := v.rowStride()
	eachRun(func(run, pair GPVirtual) {
		v.stripesOf(paramAddr("n"), mask, v.stripeWidths(), func(c cols, vectors int) {
			sum, m := v.zeros(vectors), c.rowPlace("m", pair, stride)
			v.pairs(run, pair, stride, func(p GPVirtual) {
				g := v.spread(pairOf("gate", p))
				for i := range vectors {
					VFMADD231PS(c.loadMem(at(m, i*v.bytes())), g, sum[i])
				}
			}, m)
			c.addTo(c.rowPlace("y", at(run, runReceiver), stride), sum)
		})
	})
	end()
}

// pairDot takes three pairs at once, as rowDot does.
func (v isa) pairDot() {
	v.function("pairDot", "(dot, m, y *float32, n int, runs *int, count int)", "writes dot[p] = m[p,:]·y[i,:].")
	stride, mask := v.rowStride()
	dot, m := arg("dot"), arg("m")
	eachRun(func(run, pair GPVirtual) {
		y, left := GP64(), GP64()
		MOVQ(at(run, runReceiver), y)
		IMULQ(stride, y)
		ADDQ(paramAddr("y"), y)
		MOVQ(at(run, runLength), left)
		for _, group := range []int{3, 1} {
			loop, done := label("group"), label("groupsDone")
			Label(loop)
			CMPQ(left, U32(group))
			JLT(LabelRef(done))
			sum, place := v.zeros(group), GP64()
			MOVQ(m, place)
			v.columns(paramAddr("n"), mask, func(c cols) {
				yc := c.load(y)
				for i := range sum {
					VFMADD231PS(c.loadMem(rowAt([]GPVirtual{place}, stride, i)), yc, sum[i])
				}
				ADDQ(U32(v.bytes()), place)
			})
			for i := range sum {
				VMOVSS(v.sumLanes(sum[i]), at(dot, 4*i))
				ADDQ(stride, m)
			}
			ADDQ(U32(4*group), dot)
			SUBQ(U32(group), left)
			JMP(LabelRef(loop))
			Label(done)
		}
	})
	end()
}

// pairOuter goes down a run's pairs for a few vectors of columns at a time.
func (v isa) pairOuter() {
	v.function("pairOuter", "(dz, gate, dy, ds, w, slope *float32, n int, runs *int, count int)",
		"writes dz[p,:] = (gate[p]·dy[i,:] + ds[p]·w) ⊙ slope[p,:].")
	stride, mask := v.rowStride()
	eachRun(func(run, pair GPVirtual) {
		v.stripesOf(paramAddr("n"), mask, v.stripeWidths(), func(c cols, vectors int) {
			dy, w := c.vectors(c.rowPlace("dy", at(run, runReceiver), stride), vectors), c.along("w", vectors)
			dz, slope := c.rowPlace("dz", pair, stride), c.rowPlace("slope", pair, stride)
			v.pairs(run, pair, stride, func(p GPVirtual) {
				g, ds := v.spread(pairOf("gate", p)), v.spread(pairOf("ds", p))
				for i := range vectors {
					t := v.vec()
					VMULPS(g, dy[i], t)
					VFMADD231PS(w[i], ds, t)
					VMULPS(c.loadMem(at(slope, i*v.bytes())), t, t)
					c.storeMem(t, at(dz, i*v.bytes()))
				}
			}, dz, slope)
		})
	})
	end()
}

func (v isa) dotGrad() {
	v.function("dotGrad", "(dz, ddot, w, slope *float32, rows, n int)", "writes dz[r,:] = ddot[r]·w ⊙ slope[r,:].")
	dz, ddot, w, slope := arg("dz"), arg("ddot"), arg("w"), arg("slope")
	count, n, stride, mask := v.shape()
	rows(count, stride, func() {
		g := v.spread(at(ddot, 0))
		ADDQ(U32(4), ddot)
		v.columns(n, mask, func(c cols) {
			t := c.load(w)
			VMULPS(g, t, t)
			VMULPS(c.load(slope), t, t)
			c.store(t, dz)
		})
	}, dz, slope)
	end()
}
