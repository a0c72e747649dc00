package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// edge writes the first linear layer of an edge MLP, split per atom.
func (v isa) edge() {
	v.edgePre("edgePre", "(dst, u, v, d, d0, w0, w1 *float32, rows, n int)",
		"writes dst[r,:] = u + v[r,:] + d[r]·w0 + d0[r]·w1.", false, false)
	v.edgePre("edgePreSiLU", "(dst, u, v, d, d0, w0, w1 *float32, rows, n int)",
		"writes the SiLU of edgePre.", true, false)
	v.edgePre("edgePreSiLUBoth", "(dst, dydx, u, v, d, d0, w0, w1 *float32, rows, n int)",
		"writes the SiLU of edgePre and its derivative.", true, true)
	v.edgePreGrad()
}

func (v isa) edgePre(name, signature, doc string, silu, both bool) {
	v.function(name, signature, doc)
	dst, u, x, d, d0, w0, w1 := arg("dst"), arg("u"), arg("v"), arg("d"), arg("d0"), arg("w0"), arg("w1")
	pointers := []GPVirtual{dst, x}
	if both {
		pointers = append(pointers, arg("dydx"))
	}
	count, n, stride, mask := v.shape()
	var k expConst
	if silu {
		k = v.expConst(lowest)
	}
	rows(count, stride, func() {
		dr, d0r := v.spread(at(d, 0)), v.spread(at(d0, 0))
		ADDQ(U32(4), d)
		ADDQ(U32(4), d0)
		v.columns(n, mask, func(c cols) {
			t := c.load(x)
			VADDPS(c.load(u), t, t)
			VFMADD231PS(c.load(w0), dr, t)
			VFMADD231PS(c.load(w1), d0r, t)
			if !silu {
				c.store(t, dst)
				return
			}
			y, slope := v.silu(t, k, both)
			c.store(y, dst)
			if both {
				c.store(slope, pointers[2])
			}
		})
	}, pointers...)
	end()
}

// edgePreGrad takes the rows in groups, three while registers allow, so that the
// sums over rows are loaded and stored once a group, not once a row.
func (v isa) edgePreGrad() {
	v.function("edgePreGrad", "(du, dv, dw0, dw1, dd, dd0, grad, d, d0, w0, w1 *float32, rows, n int)",
		"adds the gradients of edgePre to its inputs.")
	du, dv, dw0, dw1, g, w0, w1 := arg("du"), arg("dv"), arg("dw0"), arg("dw1"), arg("grad"), arg("w0"), arg("w1")
	n, row := arg("n"), GP64()
	mask := v.tailMask(n)
	XORQ(row, row)
	groups := []int{3, 1}
	if v.lanes == 8 {
		groups = []int{2, 1}
	}
	for _, group := range groups {
		loop, done := label("group"), label("groupsDone")
		Label(loop)
		next := GP64()
		LEAQ(at(row, group), next)
		CMPQ(next, paramAddr("rows"))
		JGT(LabelRef(done))
		v.edgeGradGroup(group, row, n, mask, du, dv, dw0, dw1, g, w0, w1)
		ADDQ(U32(group), row)
		JMP(LabelRef(loop))
		Label(done)
	}
	end()
}

func (v isa) edgeGradGroup(group int, row, n GPVirtual, mask Register, du, dv, dw0, dw1, g, w0, w1 GPVirtual) {
	dr, d0r := v.spreadRows("d", row, group), v.spreadRows("d0", row, group)
	ddr, dd0r := make([]VecVirtual, group), make([]VecVirtual, group)
	for i := range ddr {
		ddr[i], dd0r[i] = v.zero(), v.zero()
	}
	stride := GP64()
	MOVQ(n, stride)
	SHLQ(U8(2), stride)
	v.columns(n, mask, func(c cols) {
		u, s0, s1, w0c, w1c := c.load(du), c.load(dw0), c.load(dw1), c.load(w0), c.load(w1)
		for i := range group {
			gi := c.loadMem(rowAt([]GPVirtual{g}, stride, i))
			m := rowAt([]GPVirtual{dv}, stride, i)
			vi := c.loadMem(m)
			VADDPS(gi, vi, vi)
			c.storeMem(vi, m)
			VADDPS(gi, u, u)
			VFMADD231PS(gi, dr[i], s0)
			VFMADD231PS(gi, d0r[i], s1)
			VFMADD231PS(gi, w0c, ddr[i])
			VFMADD231PS(gi, w1c, dd0r[i])
		}
		c.store(u, du)
		c.store(s0, dw0)
		c.store(s1, dw1)
		if c.mask == nil {
			ADDQ(U32(v.bytes()), g)
			ADDQ(U32(v.bytes()), dv)
		}
	})
	v.addRows("dd", row, ddr)
	v.addRows("dd0", row, dd0r)
	v.nextGroup(group, n, g, dv)
}

// nextGroup moves pointers that have gone along the whole vectors of one row to
// the start of the row group rows further down.
func (v isa) nextGroup(group int, n GPVirtual, pointers ...GPVirtual) {
	step, rest := GP64(), GP64()
	MOVQ(n, step)
	MOVQ(n, rest)
	ANDQ(U32(v.lanes-1), rest)
	SUBQ(rest, step) // columns gone along
	IMUL3Q(U8(group), n, rest)
	SUBQ(step, rest)
	for _, p := range pointers {
		LEAQ(Mem{Base: p, Index: rest, Scale: 4}, p)
	}
}

// spreadRows returns x[row], x[row+1], … of a parameter, each in every lane.
func (v isa) spreadRows(name string, row GPVirtual, group int) []VecVirtual {
	x, r := arg(name), make([]VecVirtual, group)
	for i := range r {
		r[i] = v.spread(Mem{Base: x, Index: row, Scale: 4, Disp: 4 * i})
	}
	return r
}

// addRows adds the sums to x[row], x[row+1], … of a parameter.
func (v isa) addRows(name string, row GPVirtual, sums []VecVirtual) {
	x := arg(name)
	for i := range sums {
		m := Mem{Base: x, Index: row, Scale: 4, Disp: 4 * i}
		s := v.sumLanes(sums[i]).AsX()
		VADDSS(m, s, s)
		VMOVSS(s, m)
	}
}
