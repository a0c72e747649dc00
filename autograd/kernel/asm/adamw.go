package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/reg"
)

// adamW writes one optimiser step. The constants lie at c in the order of
// AdamWStep.constants32.
func (v isa) adamW() {
	var p, m, s, top, grad GPVirtual
	var k [9]VecVirtual // decay, step, root, b1, c1, b2, c2, scale, eps
	v.each("adamW", "(p, m, v, vmax, grad *float32, n int, c *float32)", "takes one step of AdamW with amsgrad.", func() {
		p, m, s, top, grad = arg("p"), arg("m"), arg("v"), arg("vmax"), arg("grad")
		c := arg("c")
		for i := range k {
			k[i] = v.spread(at(c, 4*i))
		}
	}, func(c cols) {
		g, t := c.load(grad), v.vec()
		VMULPS(k[7], g, g)
		mean := c.load(m)
		VMULPS(k[3], mean, mean)
		VFMADD231PS(g, k[4], mean)
		c.store(mean, m)
		VMULPS(k[6], g, t)
		VMULPS(g, t, g)
		square := c.load(s)
		VFMADD231PS(square, k[5], g)
		c.store(g, s)
		highest := c.load(top)
		VMAXPS(g, highest, highest) // a NaN in g stays
		c.store(highest, top)
		VSQRTPS(highest, highest)
		VFMADD213PS(k[8], k[2], highest)
		VMULPS(k[1], mean, mean)
		VDIVPS(highest, mean, mean)
		w := c.load(p)
		VFMSUB213PS(mean, k[0], w)
		c.store(w, p)
	})
}
