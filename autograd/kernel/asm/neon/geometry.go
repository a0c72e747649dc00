package main

// geometry writes the functions of positions in three planes, x, y and z of all
// atoms, for pairs listed as runs, and what coordinates need of a pair.
func (a *asm) geometry() {
	a.pairDistances()
	a.pairShift()
	a.pairShiftGrad()
	a.pairDistancesGrad()
	a.each("length", "(dst, x *float32, eps float32, n int)", "writes dst = √(x + eps).", wide, func() func(c cols) {
		dst, x, eps := a.arg("dst"), a.arg("x"), vecs{a.spreadArg("eps")}
		return func(c cols) {
			t := c.load(x, along)
			a.fadd(t, t, eps)
			a.fsqrt(t, t)
			c.store(t, dst, along)
		}
	})
	a.each("inverse", "(dst, x *float32, shift, scale float32, n int)", "writes dst = 1/((x + shift)·scale).", wide, func() func(c cols) {
		dst, x, one := a.arg("dst"), a.arg("x"), vecs{a.constant(1)}
		shift, scale := vecs{a.spreadArg("shift")}, vecs{a.spreadArg("scale")}
		return func(c cols) {
			t := c.load(x, along)
			a.fadd(t, t, shift)
			a.fmul(t, t, scale)
			a.fdiv(t, one, t)
			c.store(t, dst, along)
		}
	})
}

// planes are the places of one atom, or of the first of several, in a parameter.
type planes [3]reg

// planes returns those of the atom in a field of the run; stride is a plane's
// bytes.
func (r run) planes(name string, field int, stride reg) (p planes) {
	p[0] = r.arg(name)
	r.scope(func() { r.op("ADD", shifted(r.field(field), 2), p[0]) })
	for i := 1; i < 3; i++ {
		p[i] = r.gp()
		r.op("ADD", stride, p[i-1], p[i])
	}
	return p
}

// spreads returns the receiver's numbers in a parameter, each in every lane.
func (r run) spreads(name string, stride reg) (x [3]vecs) {
	for axis := range x {
		x[axis] = vecs{r.vec()}
	}
	r.scope(func() {
		for axis, p := range r.planes(name, runReceiver, stride) {
			r.op("VLD1R", at(p, 0), x[axis].list())
		}
	})
	return x
}

// alongRuns runs prepare for every run, and what it returns along the run's
// senders, a vector at a time, and then end.
func (a *asm) alongRuns(prepare func(r run, stride reg) (body func(c cols), end func())) {
	stride := a.arg("atoms")
	a.op("LSL", imm(2), stride)
	a.eachRun(func(r run) {
		body, end := prepare(r, stride)
		a.scope(func() { a.stripes(r.field(runLength), []int{1}, body) })
		end()
	})
}

// addLanes adds the sums over a run to the receiver's numbers in a parameter.
func (r run) addLanes(name string, stride reg, sums vecs) {
	r.scope(func() {
		for axis, p := range r.planes(name, runReceiver, stride) {
			r.sumLanes(sums[axis])
			r.addScalar(sums[axis], p)
		}
	})
}

func (a *asm) pairDistances() {
	a.function("pairDistances", "(d, x *float32, atoms int, runs *int, count int)", "writes d[p] = |x_i − x_j|².", func() {
		a.alongRuns(func(r run, stride reg) (func(c cols), func()) {
			xi, xj, d := r.spreads("x", stride), r.planes("x", runSender, stride), r.numbers("d")
			return func(c cols) {
				sum := a.vecs(1)
				for axis := range xj {
					t := c.load(xj[axis], along)
					a.fsub(t, xi[axis], t)
					if axis == 0 {
						a.fmul(sum, t, t)
					} else {
						a.fmla(sum, t, t)
					}
				}
				c.store(sum, d, along)
			}, func() {}
		})
	})
}

func (a *asm) pairShift() {
	a.function("pairShift", "(y, x, w *float32, atoms int, runs *int, count int)", "adds y_i += Σ_j (x_i − x_j)·w[p].", func() {
		a.alongRuns(func(r run, stride reg) (func(c cols), func()) {
			xi, xj, w, sums := r.spreads("x", stride), r.planes("x", runSender, stride), r.numbers("w"), a.zeros(3)
			return func(c cols) {
				wp := c.load(w, along)
				for axis := range xj {
					t := c.load(xj[axis], along)
					a.fsub(t, xi[axis], t)
					a.fmla(sums[axis:axis+1], wp, c.within(t))
				}
			}, func() { r.addLanes("y", stride, sums) }
		})
	})
}

func (a *asm) pairShiftGrad() {
	a.function("pairShiftGrad", "(dx, dw, x, w, dy *float32, atoms int, runs *int, count int)", "takes dy through pairShift to x and w.", func() {
		a.alongRuns(func(r run, stride reg) (func(c cols), func()) {
			xi, dyi := r.spreads("x", stride), r.spreads("dy", stride)
			xj, dxj := r.planes("x", runSender, stride), r.planes("dx", runSender, stride)
			w, dw, sums := r.numbers("w"), r.numbers("dw"), a.zeros(3)
			return func(c cols) {
				wp, dot := c.load(w, along), a.zeros(1)
				for axis := range xj {
					a.scope(func() {
						t := c.load(xj[axis], along)
						a.fsub(t, xi[axis], t)
						a.fmla(dot, t, dyi[axis])
						g := c.load(dxj[axis], stay)
						a.fmls(g, wp, dyi[axis])
						c.store(g, dxj[axis], along)
						a.fmla(sums[axis:axis+1], wp, c.within(dyi[axis]))
					})
				}
				c.store(dot, dw, along)
			}, func() { r.addLanes("dx", stride, sums) }
		})
	})
}

func (a *asm) pairDistancesGrad() {
	a.function("pairDistancesGrad", "(dx, x, dd *float32, atoms int, runs *int, count int)", "takes dd through pairDistances to x.", func() {
		a.alongRuns(func(r run, stride reg) (func(c cols), func()) {
			xi := r.spreads("x", stride)
			xj, dxj := r.planes("x", runSender, stride), r.planes("dx", runSender, stride)
			dd, sums := r.numbers("dd"), a.zeros(3)
			return func(c cols) {
				g := c.load(dd, along)
				a.fadd(g, g, g)
				for axis := range xj {
					t := c.load(xj[axis], along)
					a.fsub(t, xi[axis], t)
					a.fmul(t, t, g)
					a.fadd(sums[axis:axis+1], sums[axis:axis+1], c.within(t))
					d := c.load(dxj[axis], stay)
					a.fsub(d, d, t)
					c.store(d, dxj[axis], along)
				}
			}, func() { r.addLanes("dx", stride, sums) }
		})
	})
}
