package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// geometry writes the functions of positions in three planes, x, y and z of all
// atoms, for pairs listed as runs, and what coordinates need of a pair.
func (v isa) geometry() {
	v.pairDistances()
	v.pairShift()
	v.pairShiftGrad()
	v.pairDistancesGrad()
	var dst, x GPVirtual
	var eps, shift, scale VecVirtual
	v.each("length", "(dst, x *float32, eps float32, n int)", "writes dst = √(x + eps).", func() {
		dst, x, eps = arg("dst"), arg("x"), v.spread(paramAddr("eps"))
	}, func(c cols) {
		t := c.load(x)
		VADDPS(eps, t, t)
		VSQRTPS(t, t)
		c.store(t, dst)
	})
	v.each("inverse", "(dst, x *float32, shift, scale float32, n int)", "writes dst = 1/((x + shift)·scale).", func() {
		dst, x, shift, scale = arg("dst"), arg("x"), v.spread(paramAddr("shift")), v.spread(paramAddr("scale"))
	}, func(c cols) {
		t, one := c.load(x), v.constantReg(1)
		VADDPS(shift, t, t)
		VMULPS(scale, t, t)
		VDIVPS(t, one, one)
		c.store(one, dst)
	})
}

// planes are the places of one atom, or of the first of several, in a parameter.
type planes struct{ base, stride GPVirtual }

// planesAt returns those of atom i of a parameter.
func planesAt(name string, i Op, stride GPVirtual) planes {
	base := GP64()
	MOVQ(i, base)
	SHLQ(U8(2), base)
	ADDQ(paramAddr(name), base)
	return planes{base, stride}
}

// at is plane c.
func (p planes) at(c int) Mem { return rowAt([]GPVirtual{p.base}, p.stride, c) }

// spreads returns atom i's numbers, each in every lane.
func (v isa) spreads(p planes) (x [3]VecVirtual) {
	for c := range x {
		x[c] = v.spread(p.at(c))
	}
	return x
}

// alongRun runs body along the senders of a run, a vector at a time; the planes
// and pointers are stepped.
func (v isa) alongRun(run GPVirtual, body func(c cols), senders []planes, pointers ...GPVirtual) {
	n := GP64()
	MOVQ(at(run, runLength), n)
	mask := v.tailMask(n)
	v.columns(n, mask, func(c cols) {
		body(c)
		for _, s := range senders {
			ADDQ(U32(v.bytes()), s.base)
		}
		for _, p := range pointers {
			ADDQ(U32(v.bytes()), p)
		}
	})
}

// planeStride returns the bytes of a plane.
func planeStride() GPVirtual {
	stride := arg("atoms")
	SHLQ(U8(2), stride)
	return stride
}

// pairPlace is where the numbers of a run's pairs start in a parameter.
func pairPlace(name string, pair GPVirtual) GPVirtual {
	place := arg(name)
	LEAQ(Mem{Base: place, Index: pair, Scale: 4}, place)
	return place
}

func (v isa) pairDistances() {
	v.function("pairDistances", "(d, x *float32, atoms int, runs *int, count int)", "writes d[p] = |x_i − x_j|².")
	stride := planeStride()
	eachRun(func(run, pair GPVirtual) {
		xi, xj := v.spreads(planesAt("x", at(run, runReceiver), stride)), planesAt("x", at(run, runSender), stride)
		d := pairPlace("d", pair)
		v.alongRun(run, func(c cols) {
			var sum VecVirtual
			for axis := range 3 {
				t := c.loadMem(xj.at(axis))
				VSUBPS(t, xi[axis], t)
				if axis == 0 {
					sum = v.vec()
					VMULPS(t, t, sum)
				} else {
					VFMADD231PS(t, t, sum)
				}
			}
			c.storeMem(sum, at(d, 0))
		}, []planes{xj}, d)
	})
	end()
}

// addLanes adds the sums over a run to atom i's numbers.
func (v isa) addLanes(p planes, sums []VecVirtual) {
	for c := range sums {
		v.addScalar(p.at(c), v.sumLanes(sums[c]))
	}
}

func (v isa) pairShift() {
	v.function("pairShift", "(y, x, w *float32, atoms int, runs *int, count int)", "adds y_i += Σ_j (x_i − x_j)·w[p].")
	stride := planeStride()
	eachRun(func(run, pair GPVirtual) {
		xi, xj := v.spreads(planesAt("x", at(run, runReceiver), stride)), planesAt("x", at(run, runSender), stride)
		sums, w := v.zeros(3), pairPlace("w", pair)
		v.alongRun(run, func(c cols) {
			wp := c.loadMem(at(w, 0))
			for axis := range 3 {
				t := c.loadMem(xj.at(axis))
				VSUBPS(t, xi[axis], t)
				VFMADD231PS(wp, c.within(t), sums[axis])
			}
		}, []planes{xj}, w)
		v.addLanes(planesAt("y", at(run, runReceiver), stride), sums)
	})
	end()
}

func (v isa) pairShiftGrad() {
	v.function("pairShiftGrad", "(dx, dw, x, w, dy *float32, atoms int, runs *int, count int)", "takes dy through pairShift to x and w.")
	stride := planeStride()
	eachRun(func(run, pair GPVirtual) {
		xi, dyi := v.spreads(planesAt("x", at(run, runReceiver), stride)), v.spreads(planesAt("dy", at(run, runReceiver), stride))
		xj, dxj := planesAt("x", at(run, runSender), stride), planesAt("dx", at(run, runSender), stride)
		w, dw, sums := pairPlace("w", pair), pairPlace("dw", pair), v.zeros(3)
		v.alongRun(run, func(c cols) {
			wp, dot := c.loadMem(at(w, 0)), v.zero()
			for axis := range 3 {
				t := c.loadMem(xj.at(axis))
				VSUBPS(t, xi[axis], t)
				VFMADD231PS(t, dyi[axis], dot)
				g := c.loadMem(dxj.at(axis))
				VFNMADD231PS(wp, dyi[axis], g)
				c.storeMem(g, dxj.at(axis))
				VFMADD231PS(wp, c.within(dyi[axis]), sums[axis])
			}
			c.storeMem(dot, at(dw, 0))
		}, []planes{xj, dxj}, w, dw)
		v.addLanes(planesAt("dx", at(run, runReceiver), stride), sums)
	})
	end()
}

func (v isa) pairDistancesGrad() {
	v.function("pairDistancesGrad", "(dx, x, dd *float32, atoms int, runs *int, count int)", "takes dd through pairDistances to x.")
	stride := planeStride()
	eachRun(func(run, pair GPVirtual) {
		xi := v.spreads(planesAt("x", at(run, runReceiver), stride))
		xj, dxj := planesAt("x", at(run, runSender), stride), planesAt("dx", at(run, runSender), stride)
		dd, sums := pairPlace("dd", pair), v.zeros(3)
		v.alongRun(run, func(c cols) {
			g := c.loadMem(at(dd, 0))
			VADDPS(g, g, g)
			for axis := range 3 {
				t := c.loadMem(xj.at(axis))
				VSUBPS(t, xi[axis], t)
				VMULPS(g, t, t)
				VADDPS(c.within(t), sums[axis], sums[axis])
				d := c.loadMem(dxj.at(axis))
				VSUBPS(t, d, d)
				c.storeMem(d, dxj.at(axis))
			}
		}, []planes{xj, dxj}, dd)
		v.addLanes(planesAt("dx", at(run, runReceiver), stride), sums)
	})
	end()
}
