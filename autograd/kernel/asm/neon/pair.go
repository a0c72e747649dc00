package main

// A run of pairs in memory is three integers: receiver, first sender, senders.
const (
	runReceiver = 0
	runSender   = 8
	runLength   = 16
	runBytes    = 24
)

// pair writes the functions over (pairs, n), the pairs listed as runs.
func (a *asm) pair() {
	a.pairSiLU("pairSiLU", "(a, u, v, d, d0, wd, w0 *float32, n int, runs *int, count int)",
		"writes a[p,:] = SiLU(u[i,:] + v[j,:] + d[p]·wd + d0[p]·w0).", false)
	a.pairSiLU("pairSiLUBoth", "(a, slope, u, v, d, d0, wd, w0 *float32, n int, runs *int, count int)",
		"writes pairSiLU and its derivative.", true)
	a.pairGrad()
	a.pairSum()
	a.pairDot()
	a.pairOuter()
	a.dotGrad()
}

// A run in the making: where it is listed, and the number of its first pair.
type run struct {
	*asm
	list, pair reg
}

// eachRun runs body for every run.
func (a *asm) eachRun(body func(r run)) {
	r := run{a, a.arg("runs"), a.gp()}
	count := a.arg("count")
	a.op("MOVD", "ZR", r.pair)
	a.times(count, func() {
		body(r)
		length := r.field(runLength)
		a.op("ADD", length, r.pair)
		a.op("ADD", imm(runBytes), r.list)
	})
}

func (r run) field(offset int) reg {
	v := r.gp()
	r.op("MOVD", at(r.list, offset), v)
	return v
}

// numbers is where those of the run's pairs start in a parameter.
func (r run) numbers(name string) reg {
	place := r.arg(name)
	r.op("ADD", shifted(r.pair, 2), place)
	return place
}

// A stripe of a run: some columns of all its rows.
type stripe struct {
	run
	cols
	index, stride reg // of the first column, and from row to row, in bytes
}

// runStripes runs body for every stripe of every run.
func (a *asm) runStripes(widths []int, body func(s stripe)) {
	stride, n := a.arg("n"), a.gp()
	a.op("MOVD", stride, n)
	a.op("LSL", imm(2), stride)
	a.eachRun(func(r run) {
		index := a.gp()
		a.op("MOVD", "ZR", index)
		a.columns(n, widths, func(c cols) {
			body(stripe{r, c, index, stride})
			a.op("ADD", imm(c.vectors*vectorBytes), index)
		})
	})
}

// row is where the stripe starts in a parameter of one row.
func (s stripe) row(name string) reg {
	place := s.run.arg(name)
	s.run.op("ADD", s.index, place)
	return place
}

// rowOf is where it starts in row i.
func (s stripe) rowOf(name string, i reg) reg {
	place := s.row(name)
	s.run.op("MADD", s.stride, place, i, place)
	return place
}

// receiver, sender and first are where it starts in the row of the run's receiver,
// of its first sender and of its first pair.
func (s stripe) receiver(name string) reg { return s.rowOf(name, s.field(runReceiver)) }
func (s stripe) sender(name string) reg   { return s.rowOf(name, s.field(runSender)) }
func (s stripe) first(name string) reg    { return s.rowOf(name, s.pair) }

// pairs runs body for each of the run's pairs.
func (s stripe) pairs(body func()) { s.run.times(s.field(runLength), body) }

// pairSiLU goes down a run's pairs for a few vectors of columns at a time, so that
// what belongs to the receiver and to all pairs stays in registers.
func (a *asm) pairSiLU(name, signature, doc string, both bool) {
	a.function(name, signature, doc, func() {
		k := a.expConst(negligible)
		a.runStripes(few, func(s stripe) {
			u := s.load(s.receiver("u"), stay)
			wd, w0 := s.load(s.row("wd"), stay), s.load(s.row("w0"), stay)
			v, out, d, d0 := s.sender("v"), s.first("a"), s.numbers("d"), s.numbers("d0")
			var slope reg
			if both {
				slope = s.first("slope")
			}
			next := by(s.stride)
			s.pairs(func() {
				t := s.load(v, next)
				a.scope(func() {
					a.fadd(t, t, u)
					a.fmla(t, wd, a.spread(d))
					a.fmla(t, w0, a.spread(d0))
				})
				y, dydx := a.silu(t, k, both)
				s.store(y, out, next)
				if both {
					s.store(dydx, slope, next)
				}
			})
		})
	})
}

// pairGrad keeps the sums over a run in registers. The two sums over a row are
// halved together.
func (a *asm) pairGrad() {
	a.function("pairGrad", "(du, dv, dwd, dw0, dd, dd0, da, slope, d, d0, wd, w0 *float32, n int, runs *int, count int)",
		"adds the gradients of pairSiLU to its inputs.", func() {
			a.runStripes(wide, func(s stripe) {
				wd, w0 := s.load(s.row("wd"), stay), s.load(s.row("w0"), stay)
				du, dwd, dw0 := a.zeros(s.vectors), a.zeros(s.vectors), a.zeros(s.vectors)
				a.scope(func() {
					dv, da, slope := s.sender("dv"), s.first("da"), s.first("slope")
					d, d0, dd, dd0 := s.numbers("d"), s.numbers("d0"), s.numbers("dd"), s.numbers("dd0")
					s.pairs(func() {
						g := s.load(da, by(s.stride))
						a.scope(func() { a.fmul(g, g, s.load(slope, by(s.stride))) })
						a.scope(func() {
							sender := s.load(dv, stay)
							a.fadd(sender, sender, g)
							s.store(sender, dv, by(s.stride))
						})
						a.fadd(du, du, g)
						a.scope(func() {
							a.fmla(dwd, g, a.spread(d))
							a.fmla(dw0, g, a.spread(d0))
						})
						sums := a.zeros(2)
						for i, v := range g {
							a.fmla(sums[:1], vecs{v}, wd[i:i+1])
							a.fmla(sums[1:], vecs{v}, w0[i:i+1])
						}
						a.sumLanes2(sums[0], sums[1])
						a.op("VMOV", sums[0].lane(1), sums[1].lane(0))
						a.addScalar(sums[0], dd)
						a.addScalar(sums[1], dd0)
					})
				})
				s.addTo(s.receiver("du"), du)
				s.addTo(s.row("dwd"), dwd)
				s.addTo(s.row("dw0"), dw0)
			})
		})
}

// addTo adds sums to the vectors at p.
func (c cols) addTo(p reg, sums vecs) {
	c.scope(func() { c.fadd(sums, sums, c.load(p, stay)) })
	c.store(sums, p, stay)
}

// addScalar adds lane 0 of v to the number at p, and steps p to the next.
func (a *asm) addScalar(v vec, p reg) {
	a.scope(func() {
		t := a.vec()
		a.op("FMOVS", at(p, 0), t.scalar())
		a.op("FADDS", t.scalar(), v.scalar(), v.scalar())
	})
	a.op("FMOVS.P", v.scalar(), at(p, 4))
}

func (a *asm) pairSum() {
	a.function("pairSum", "(y, m, gate *float32, n int, runs *int, count int)", "adds y[i,:] += Σ_j gate[p]·m[p,:].", func() {
		a.runStripes(wide, func(s stripe) {
			sum, m, gate := a.zeros(s.vectors), s.first("m"), s.numbers("gate")
			s.pairs(func() { a.fmla(sum, s.load(m, by(s.stride)), a.spread(gate)) })
			s.addTo(s.receiver("y"), sum)
		})
	})
}

func (a *asm) pairDot() {
	a.function("pairDot", "(dot, m, y *float32, n int, runs *int, count int)", "writes dot[p] = m[p,:]·y[i,:].", func() {
		dot, m, n := a.arg("dot"), a.arg("m"), a.arg("n")
		a.eachRun(func(r run) {
			y, i, bytes := a.arg("y"), r.field(runReceiver), a.gp()
			a.op("LSL", imm(2), n, bytes)
			a.op("MADD", bytes, y, i, y)
			a.dots(dot, m, y, r.field(runLength), n)
		})
	})
}

// pairOuter goes down a run's pairs for a few vectors of columns at a time.
func (a *asm) pairOuter() {
	a.function("pairOuter", "(dz, gate, dy, ds, w, slope *float32, n int, runs *int, count int)",
		"writes dz[p,:] = (gate[p]·dy[i,:] + ds[p]·w) ⊙ slope[p,:].", func() {
			a.runStripes(wide, func(s stripe) {
				dy, w := s.load(s.receiver("dy"), stay), s.load(s.row("w"), stay)
				dz, slope, gate, ds := s.first("dz"), s.first("slope"), s.numbers("gate"), s.numbers("ds")
				s.pairs(func() {
					t := a.vecs(s.vectors)
					a.fmul(t, dy, a.spread(gate))
					a.fmla(t, w, a.spread(ds))
					a.fmul(t, t, s.load(slope, by(s.stride)))
					s.store(t, dz, by(s.stride))
				})
			})
		})
}

func (a *asm) dotGrad() {
	a.function("dotGrad", "(dz, ddot, w, slope *float32, rows, n int)", "writes dz[r,:] = ddot[r]·w ⊙ slope[r,:].", func() {
		dz, ddot, w, slope, n := a.arg("dz"), a.arg("ddot"), a.arg("w"), a.arg("slope"), a.arg("n")
		a.times(a.arg("rows"), func() {
			g, wr := a.spread(ddot), a.copyOf(w)
			a.columns(n, wide, func(c cols) {
				t := c.load(wr, along)
				a.fmul(t, t, g)
				a.fmul(t, t, c.load(slope, along))
				c.store(t, dz, along)
			})
		})
	})
}
