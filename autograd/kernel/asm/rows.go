package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// block writes the functions over (rows, n).
func (v isa) block() {
	v.addRow()
	v.weightedSum("sumRows", "(dst, x *float32, rows, n int)", "adds dst += Σ_r x[r,:].", false)
	v.weightedSum("scaleRowsAdd", "(dst, x, gate *float32, rows, n int)", "adds dst += Σ_r gate[r]·x[r,:].", true)
	v.rowDot()
	v.biasSiLU("biasSiLU", "(y, x, bias *float32, rows, n int)", "writes y[r,:] = SiLU(x[r,:] + bias).", false)
	v.biasSiLU("biasSiLUBoth", "(y, dydx, x, bias *float32, rows, n int)", "writes y[r,:] = SiLU(x[r,:] + bias) and the derivative.", true)
}

// shape loads rows and n, and makes the row stride and the mask of a row's end.
func (v isa) shape() (count, n, stride GPVirtual, mask Register) {
	count, n, stride = arg("rows"), arg("n"), GP64()
	mask = v.tailMask(n)
	MOVQ(n, stride)
	SHLQ(U8(2), stride)
	return count, n, stride, mask
}

func (v isa) addRow() {
	v.function("addRow", "(dst, x *float32, rows, n int)", "adds dst[r,:] += x.")
	dst, x := arg("dst"), arg("x")
	count, n, stride, mask := v.shape()
	rows(count, stride, func() {
		v.columns(n, mask, func(c cols) {
			r := c.load(dst)
			VADDPS(c.load(x), r, r)
			c.store(r, dst)
		})
	}, dst)
	end()
}

// weightedSum walks down the rows for four vectors of columns at a time, whose
// sums stay in registers.
func (v isa) weightedSum(name, signature, doc string, weighted bool) {
	v.function(name, signature, doc)
	dst, x, g := arg("dst"), arg("x"), GP64()
	count, n, stride, mask := v.shape()
	v.stripes(n, mask, 4, func(c cols, vectors int) {
		var sum [4]VecVirtual
		for i := range vectors {
			sum[i] = v.zero()
		}
		place, left := GP64(), GP64()
		LEAQ(c.mem(x), place)
		MOVQ(count, left)
		if weighted {
			Load(Param("gate"), g)
		}
		rows(left, stride, func() {
			var w VecVirtual
			if weighted {
				w = v.spread(at(g, 0))
				ADDQ(U32(4), g)
			}
			for i := range vectors {
				xi := c.loadMem(at(place, i*v.bytes()))
				if weighted {
					VFMADD231PS(xi, w, sum[i])
				} else {
					VADDPS(xi, sum[i], sum[i])
				}
			}
		}, place)
		for i := range vectors {
			m := c.mem(dst).Offset(i * v.bytes())
			VADDPS(c.loadMem(m), sum[i], sum[i])
			c.storeMem(sum[i], m)
		}
	})
	end()
}

// rowDot takes three rows at once, so that each vector of w is loaded once for
// three independent sums; a row's bits do not depend on its company.
func (v isa) rowDot() {
	v.function("rowDot", "(dst, x, w *float32, rows, n int)", "writes dst[r] = x[r,:]·w.")
	dst, x, w := arg("dst"), arg("x"), arg("w")
	count, n, stride, mask := v.shape()
	for _, group := range []int{3, 1} {
		loop, done := label("group"), label("groupsDone")
		Label(loop)
		CMPQ(count, U32(group))
		JLT(LabelRef(done))
		sum := make([]VecVirtual, group)
		for i := range sum {
			sum[i] = v.zero()
		}
		place := GP64()
		MOVQ(x, place)
		v.columns(n, mask, func(c cols) {
			wc := c.load(w)
			for i := range sum {
				VFMADD231PS(c.loadMem(rowAt([]GPVirtual{place}, stride, i)), wc, sum[i])
			}
			ADDQ(U32(v.bytes()), place)
		})
		for i := range sum {
			VMOVSS(v.sumLanes(sum[i]), at(dst, 4*i))
			ADDQ(stride, x)
		}
		ADDQ(U32(4*group), dst)
		SUBQ(U32(group), count)
		JMP(LabelRef(loop))
		Label(done)
	}
	end()
}

func (v isa) biasSiLU(name, signature, doc string, both bool) {
	v.function(name, signature, doc)
	y, x, bias := arg("y"), arg("x"), arg("bias")
	pointers := []GPVirtual{y, x}
	if both {
		pointers = append(pointers, arg("dydx"))
	}
	count, n, stride, mask := v.shape()
	k := v.expConst(negligible)
	rows(count, stride, func() {
		v.columns(n, mask, func(c cols) {
			t := c.load(x)
			VADDPS(c.load(bias), t, t)
			yt, slope := v.silu(t, k, both)
			c.store(yt, y)
			if both {
				c.store(slope, pointers[2])
			}
		})
	}, pointers...)
	end()
}
