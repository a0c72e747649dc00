package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/reg"
)

// activation writes the activations and their gradients.
func (v isa) activation() {
	var dst, dydx, x, dy GPVirtual
	var k expConst
	two := func() {
		dst, x = arg("dst"), arg("x")
		k = v.expConst(negligible)
	}
	v.each("exp", "(dst, x *float32, n int)", "writes dst = eˣ.", func() {
		dst, x = arg("dst"), arg("x")
		k = v.expConst(lowest)
		k.high = v.constantReg(highest)
	}, func(c cols) {
		c.store(v.exp(c.load(x), k), dst)
	})
	v.each("sigmoid", "(dst, x *float32, n int)", "writes dst = σ(x).", two, func(c cols) {
		s, _ := v.sigmoids(c.load(x), k, false)
		c.store(s, dst)
	})
	v.each("silu", "(dst, x *float32, n int)", "writes dst = x·σ(x).", two, func(c cols) {
		y, _ := v.silu(c.load(x), k, false)
		c.store(y, dst)
	})
	v.each("tanh", "(dst, x *float32, n int)", "writes dst = tanh x.", func() {
		dst, x, k = arg("dst"), arg("x"), v.expConst(-40) // tanh 20 is 1
	}, func(c cols) {
		c.store(v.tanh(c.load(x), k), dst)
	})
	v.each("siluBoth", "(y, dydx, x *float32, n int)", "writes y = x·σ(x) and its derivative.", func() {
		dst, dydx, x = arg("y"), arg("dydx"), arg("x")
		k = v.expConst(negligible)
	}, func(c cols) {
		y, slope := v.silu(c.load(x), k, true)
		c.store(y, dst)
		c.store(slope, dydx)
	})
	v.each("siluGrad", "(dx, x, dy *float32, n int)", "adds dx += dy·SiLU'(x).", func() {
		dst, x, dy = arg("dx"), arg("x"), arg("dy")
		k = v.expConst(negligible)
	}, func(c cols) {
		_, slope := v.silu(c.load(x), k, true)
		r := c.load(dst)
		VFMADD231PS(c.load(dy), slope, r)
		c.store(r, dst)
	})
}
