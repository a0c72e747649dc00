package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/reg"
)

// activation writes the activations and their gradients.
func (v isa) activation() {
	var dst, dydx, x, dy GPVirtual
	var b bounds
	var low VecVirtual
	two := func() {
		dst, x = arg("dst"), arg("x")
		b = bounds{v.constantReg(lowest), v.constantReg(highest)}
	}
	v.each("exp", "(dst, x *float32, n int)", "writes dst = eˣ.", two, func(c cols) {
		c.store(v.exp(c.load(x), b), dst)
	})
	v.each("sigmoid", "(dst, x *float32, n int)", "writes dst = σ(x).", two, func(c cols) {
		s, _ := v.sigmoids(c.load(x), b, false)
		c.store(s, dst)
	})
	v.each("silu", "(dst, x *float32, n int)", "writes dst = x·σ(x).", two, func(c cols) {
		y, _ := v.silu(c.load(x), b, false)
		c.store(y, dst)
	})
	v.each("tanh", "(dst, x *float32, n int)", "writes dst = tanh x.", func() {
		dst, x, low = arg("dst"), arg("x"), v.constantReg(-40) // tanh 20 is 1
	}, func(c cols) {
		c.store(v.tanh(c.load(x), low), dst)
	})
	v.each("siluBoth", "(y, dydx, x *float32, n int)", "writes y = x·σ(x) and its derivative.", func() {
		dst, dydx, x = arg("y"), arg("dydx"), arg("x")
		b.low = v.constantReg(lowest)
	}, func(c cols) {
		y, slope := v.silu(c.load(x), b, true)
		c.store(y, dst)
		c.store(slope, dydx)
	})
	v.each("siluGrad", "(dx, x, dy *float32, n int)", "adds dx += dy·SiLU'(x).", func() {
		dst, x, dy = arg("dx"), arg("x"), arg("dy")
		b.low = v.constantReg(lowest)
	}, func(c cols) {
		_, slope := v.silu(c.load(x), b, true)
		r := c.load(dst)
		VFMADD231PS(c.load(dy), slope, r)
		c.store(r, dst)
	})
}
