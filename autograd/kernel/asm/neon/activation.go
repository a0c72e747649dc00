package main

// few is how many vectors an activation takes at a time, as registers allow.
var few = []int{2, 1}

// activation writes the activations and their gradients.
func (a *asm) activation() {
	simple := func(name, doc string, low float32, prepare func() vecs, f func(x vecs, k expConst, extra vecs) vecs) {
		a.each(name, "(dst, x *float32, n int)", doc, few, func() func(c cols) {
			dst, x, k := a.arg("dst"), a.arg("x"), a.expConst(low)
			extra := prepare()
			return func(c cols) { c.store(f(c.load(x, along), k, extra), dst, along) }
		})
	}
	constant := func(x float32) func() vecs { return func() vecs { return vecs{a.constant(x)} } }
	nothing := func() vecs { return nil }
	simple("exp", "writes dst = eˣ.", lowest, constant(highest), func(x vecs, k expConst, high vecs) vecs {
		a.fmax(x, x, k.low)
		a.fmin(x, x, high)
		a.expClamped(x, a.like(x), k)
		return x
	})
	simple("sigmoid", "writes dst = σ(x).", negligible, nothing, func(x vecs, k expConst, _ vecs) vecs {
		return a.sigmoids(x, a.like(x), k)
	})
	simple("silu", "writes dst = x·σ(x).", negligible, nothing, func(x vecs, k expConst, _ vecs) vecs {
		y, _ := a.silu(x, k, false)
		return y
	})
	simple("tanh", "writes dst = tanh x.", -40, constant(2), func(x vecs, k expConst, two vecs) vecs { // tanh 20 is 1
		a.tanh(x, k, two)
		return x
	})
	a.each("siluBoth", "(y, dydx, x *float32, n int)", "writes y = x·σ(x) and its derivative.", few, func() func(c cols) {
		y, dydx, x, k := a.arg("y"), a.arg("dydx"), a.arg("x"), a.expConst(negligible)
		return func(c cols) {
			value, slope := a.silu(c.load(x, along), k, true)
			c.store(value, y, along)
			c.store(slope, dydx, along)
		}
	})
	a.each("siluGrad", "(dx, x, dy *float32, n int)", "adds dx += dy·SiLU'(x).", few, func() func(c cols) {
		dx, x, dy, k := a.arg("dx"), a.arg("x"), a.arg("dy"), a.expConst(negligible)
		return func(c cols) {
			_, slope := a.silu(c.load(x, along), k, true)
			r := c.load(dx, stay)
			a.fmla(r, c.load(dy, along), slope)
			c.store(r, dx, along)
		}
	})
}
