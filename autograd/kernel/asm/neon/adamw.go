package main

// adamW writes one optimiser step. The constants lie at c in the order of
// AdamWStep.constants32.
func (a *asm) adamW() {
	a.each("adamW", "(p, m, v, vmax, grad *float32, n int, c *float32)", "takes one step of AdamW with amsgrad.", few, func() func(c cols) {
		p, m, v, top, grad := a.arg("p"), a.arg("m"), a.arg("v"), a.arg("vmax"), a.arg("grad")
		constants := a.arg("c")
		var k [9]vecs // decay, step, root, b1, c1, b2, c2, scale, eps
		for i := range k {
			k[i] = a.spread(constants)
		}
		a.fneg(k[1], k[1])
		return func(c cols) {
			g := c.load(grad, along)
			a.fmul(g, g, k[7])
			mean := c.load(m, stay)
			a.fmul(mean, mean, k[3])
			a.fmla(mean, g, k[4])
			c.store(mean, m, along)
			t := a.like(g)
			a.fmul(t, g, k[6])
			a.fmul(t, t, g)
			square := c.load(v, stay)
			a.fmla(t, square, k[5])
			c.store(t, v, along)
			highest := c.load(top, stay)
			a.greater(square, highest, t)
			a.choose(square, highest, t) // a NaN in v wins
			c.store(square, top, along)
			a.fsqrt(square, square)
			a.mov(t, k[8])
			a.fmla(t, square, k[2])
			a.fmul(mean, mean, k[1]) // negative
			a.fdiv(mean, mean, t)
			w := c.load(p, stay)
			a.fmla(mean, w, k[0])
			c.store(mean, p, along)
		}
	})
}
