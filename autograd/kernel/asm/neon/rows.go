package main

// block writes the functions over (rows, n).
func (a *asm) block() {
	a.addRow()
	a.weightedSum("sumRows", "(dst, x *float32, rows, n int)", "adds dst += Σ_r x[r,:].", false)
	a.weightedSum("scaleRowsAdd", "(dst, x, gate *float32, rows, n int)", "adds dst += Σ_r gate[r]·x[r,:].", true)
	a.rowDot()
	a.biasSiLU("biasSiLU", "(y, x, bias *float32, rows, n int)", "writes y[r,:] = SiLU(x[r,:] + bias).", false)
	a.biasSiLU("biasSiLUBoth", "(y, dydx, x, bias *float32, rows, n int)", "writes y[r,:] = SiLU(x[r,:] + bias) and the derivative.", true)
}

// copyOf returns a fresh register with r.
func (a *asm) copyOf(r reg) reg {
	c := a.gp()
	a.op("MOVD", r, c)
	return c
}

// A row's end steps its pointers, too, and so leaves them at the next row.

func (a *asm) addRow() {
	a.function("addRow", "(dst, x *float32, rows, n int)", "adds dst[r,:] += x.", func() {
		dst, x, n := a.arg("dst"), a.arg("x"), a.arg("n")
		a.times(a.arg("rows"), func() {
			xr := a.copyOf(x)
			a.columns(n, wide, func(c cols) {
				r := c.load(dst, stay)
				a.fadd(r, r, c.load(xr, along))
				c.store(r, dst, along)
			})
		})
	})
}

// weightedSum walks down the rows for four vectors of columns at a time, whose
// sums stay in registers.
func (a *asm) weightedSum(name, signature, doc string, weighted bool) {
	a.function(name, signature, doc, func() {
		dst, x, rows, n := a.arg("dst"), a.arg("x"), a.arg("rows"), a.arg("n")
		stride := a.gp()
		a.op("LSL", imm(2), n, stride)
		var gate reg
		if weighted {
			gate = a.arg("gate")
		}
		a.stripes(n, wide, func(c cols) {
			sum, place, left := a.zeros(c.vectors), a.copyOf(x), a.copyOf(rows)
			g := gate
			if weighted {
				g = a.copyOf(gate)
			}
			a.times(left, func() {
				row := c.load(place, by(stride))
				if weighted {
					a.fmla(sum, row, a.spread(g))
				} else {
					a.fadd(sum, sum, row)
				}
			})
			a.fadd(sum, sum, c.load(dst, stay))
			c.store(sum, dst, along)
			a.op("ADD", imm(c.vectors*vectorBytes), x)
		})
	})
}

func (a *asm) rowDot() {
	a.function("rowDot", "(dst, x, w *float32, rows, n int)", "writes dst[r] = x[r,:]·w.", func() {
		dst, x, w, rows, n := a.arg("dst"), a.arg("x"), a.arg("w"), a.arg("rows"), a.arg("n")
		a.dots(dst, x, w, rows, n)
	})
}

// dots writes the products of w with rows of n, of which it takes four at once, so
// that each vector of w is loaded once for four independent sums; a row's bits do
// not depend on its company. dst and x are stepped, rows is overwritten.
func (a *asm) dots(dst, x, w, rows, n reg) {
	for _, group := range []int{4, 1} {
		loop, done := a.label("group"), a.label("groupsDone")
		a.op("SUBS", imm(group), rows)
		a.op("BLT", done)
		a.place(loop)
		a.scope(func() {
			sum, wr, row := a.zeros(group), a.copyOf(w), []reg{x}
			for i := 1; i < group; i++ {
				next := a.gp()
				a.op("ADD", shifted(n, 2), row[i-1], next)
				row = append(row, next)
			}
			a.columns(n, wide, func(c cols) {
				wc := c.load(wr, along)
				for i := range sum {
					a.scope(func() {
						for j, v := range c.load(row[i], along) {
							a.fmla(sum[i:i+1], vecs{v}, wc[j:j+1])
						}
					})
				}
			})
			a.op("MOVD", row[group-1], x)
			if group == 1 {
				a.sumLanes(sum[0])
				a.op("FMOVS.P", sum[0].scalar(), at(dst, 4))
				return
			}
			a.sumLanes4(sum)
			a.op("VST1.P", sum[:1].list(), at(dst, vectorBytes))
		})
		a.op("SUBS", imm(group), rows)
		a.op("BGE", loop)
		a.place(done)
		a.op("ADD", imm(group), rows)
	}
}

func (a *asm) biasSiLU(name, signature, doc string, both bool) {
	a.function(name, signature, doc, func() {
		y, x, bias, n := a.arg("y"), a.arg("x"), a.arg("bias"), a.arg("n")
		var dydx reg
		if both {
			dydx = a.arg("dydx")
		}
		k := a.expConst(negligible)
		a.times(a.arg("rows"), func() {
			b := a.copyOf(bias)
			a.columns(n, few, func(c cols) {
				t := c.load(x, along)
				a.scope(func() { a.fadd(t, t, c.load(b, along)) })
				value, slope := a.silu(t, k, both)
				c.store(value, y, along)
				if both {
					c.store(slope, dydx, along)
				}
			})
		})
	})
}
