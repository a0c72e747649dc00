package main

// wide is how many vectors the simple kernels take at a time.
var wide = []int{4, 1}

// each writes a function over n elements.
func (a *asm) each(name, signature, doc string, widths []int, body func() func(c cols)) {
	a.function(name, signature, doc, func() {
		inner := body()
		a.stripes(a.arg("n"), widths, inner)
	})
}

// vector writes the element-wise functions.
func (a *asm) vector() {
	a.each("add", "(dst, x *float32, n int)", "adds dst += x.", wide, func() func(c cols) {
		dst, x := a.arg("dst"), a.arg("x")
		return func(c cols) {
			r := c.load(dst, stay)
			a.fadd(r, r, c.load(x, along))
			c.store(r, dst, along)
		}
	})
	a.scaled("addScaled", "adds dst += alpha·x.", func(c cols, dst, x reg, alpha vecs) vecs {
		r := c.load(dst, stay)
		a.fmla(r, c.load(x, along), alpha)
		return r
	})
	a.scaled("scale", "writes dst = alpha·x.", func(c cols, _, x reg, alpha vecs) vecs {
		r := c.load(x, along)
		a.fmul(r, r, alpha)
		return r
	})
	a.scaled("lerp", "adds dst += alpha·(x−dst).", func(c cols, dst, x reg, alpha vecs) vecs {
		r, d := c.load(dst, stay), c.load(x, along)
		a.fsub(d, d, r)
		a.fmla(r, d, alpha)
		return r
	})
	a.each("mul", "(dst, x, y *float32, n int)", "writes dst = x⊙y.", wide, func() func(c cols) {
		dst, x, y := a.arg("dst"), a.arg("x"), a.arg("y")
		return func(c cols) {
			r := c.load(x, along)
			a.fmul(r, r, c.load(y, along))
			c.store(r, dst, along)
		}
	})
	a.each("mulAdd", "(dst, x, y *float32, n int)", "adds dst += x⊙y.", wide, func() func(c cols) {
		dst, x, y := a.arg("dst"), a.arg("x"), a.arg("y")
		return func(c cols) {
			r := c.load(dst, stay)
			a.fmla(r, c.load(x, along), c.load(y, along))
			c.store(r, dst, along)
		}
	})
	a.slope("sigmoidGrad", "adds dx += dy·y(1−y).", func(slope, y, one vecs) {
		a.fsub(slope, one, y)
		a.fmul(slope, slope, y)
	})
	a.slope("tanhGrad", "adds dx += dy·(1−y²).", func(slope, y, one vecs) {
		a.mov(slope, one)
		a.fmls(slope, y, y)
	})
	a.reductions()
}

// scaled writes a function of a number and a vector.
func (a *asm) scaled(name, doc string, result func(c cols, dst, x reg, alpha vecs) vecs) {
	a.each(name, "(dst *float32, alpha float32, x *float32, n int)", doc, wide, func() func(c cols) {
		dst, x, alpha := a.arg("dst"), a.arg("x"), vecs{a.spreadArg("alpha")}
		return func(c cols) { c.store(result(c, dst, x, alpha), dst, along) }
	})
}

// slope writes a gradient from an activation's result.
func (a *asm) slope(name, doc string, slope func(slope, y, one vecs)) {
	a.each(name, "(dx, y, dy *float32, n int)", doc, wide, func() func(c cols) {
		dx, y, dy, one := a.arg("dx"), a.arg("y"), a.arg("dy"), vecs{a.constant(1)}
		return func(c cols) {
			yc := c.load(y, along)
			s := a.like(yc)
			slope(s, yc, one)
			r := c.load(dx, stay)
			a.fmla(r, c.load(dy, along), s)
			c.store(r, dx, along)
		}
	})
}

// reductions writes the sums, each over four sums side by side.
func (a *asm) reductions() {
	a.function("dot", "(x, y *float32, n int) (sum float32)", "returns Σ x·y.", func() {
		x, y, sum := a.arg("x"), a.arg("y"), a.zeros(4)
		a.stripes(a.arg("n"), wide, func(c cols) {
			a.fmla(sum[:c.vectors], c.load(x, along), c.load(y, along))
		})
		a.fadd(sum[:1], sum[:1], sum[1:2])
		a.fadd(sum[2:3], sum[2:3], sum[3:4])
		a.fadd(sum[:1], sum[:1], sum[2:3])
		a.sumLanes(sum[0])
		a.op("FMOVS", sum[0].scalar(), a.param("sum"))
	})
	a.function("sumSquares", "(x *float32, n int) (sum float64)", "returns Σ x² in float64.", func() {
		x, sum := a.arg("x"), a.zeros(4)
		a.stripes(a.arg("n"), []int{2, 1}, func(c cols) {
			for i, v := range c.load(x, along) {
				lower := a.vec()
				a.word(encode2(fcvtl, lower, v), "FCVTL V%d.2D, V%d.2S", lower, v)
				a.word(encode2(fcvtl2, v, v), "FCVTL2 V%d.2D, V%d.4S", v, v)
				a.op("VFMLA", lower.doubles(), lower.doubles(), sum[2*i].doubles())
				a.op("VFMLA", v.doubles(), v.doubles(), sum[2*i+1].doubles())
			}
		})
		add := func(d, n vec) { a.word(encode3(fadd2, d, d, n), "FADD V%d.2D, V%d.2D, V%d.2D", d, d, n) }
		add(sum[0], sum[1])
		add(sum[2], sum[3])
		add(sum[0], sum[2])
		a.word(encode2(faddp2, sum[0], sum[0]), "FADDP D%d, V%d.2D", sum[0], sum[0])
		a.op("FMOVD", sum[0].scalar(), a.param("sum"))
	})
}
