package main

// packs writes what lays A and B out as tiles read them.
func (a *asm) packs() {
	a.pack()
	a.packTrans("packTrans", "(dst, b *float32, bcs, k int)",
		"fills k rows of a panel from B transposed; k is a multiple of 4.", "b", "bcs", nr, nr)
	a.packTrans("packColumns", "(dst, a *float32, ars, k int)",
		"fills k columns of 4 rows of A; k is a multiple of 4.", "a", "ars", lanes, mr)
}

// pack copies nr columns of a row-major B into a panel: k rows of nr, without the
// gaps between them.
func (a *asm) pack() {
	a.function("pack", "(dst, b *float32, brs, k int)", "copies k rows of a panel from row-major B.", func() {
		dst, b, brs, k := a.arg("dst"), a.arg("b"), a.arg("brs"), a.arg("k")
		two := cols{asm: a, vectors: 2}
		a.times(k, func() { two.store(two.load(b, by(brs)), dst, along) })
	})
}

// packTrans writes the transpose of rows of memory, 4×4 elements at a time, to
// rows that are width numbers apart.
func (a *asm) packTrans(name, signature, doc, source, stride string, rows, width int) {
	a.function(name, signature, doc, func() {
		dst, bytes, k := a.arg("dst"), a.arg(stride), a.arg("k")
		row := []reg{a.arg(source)}
		for i := 1; i < rows; i++ {
			next := a.gp()
			a.op("ADD", bytes, row[i-1], next)
			row = append(row, next)
		}
		a.op("LSR", imm(2), k)
		a.times(k, func() {
			for i := 0; i < rows; i += lanes {
				a.scope(func() {
					for j, v := range a.transpose(row[i : i+lanes]) {
						a.op("FMOVQ", v.scalar(), at(dst, 4*(i+j*width)))
					}
				})
			}
			a.op("ADD", imm(4*lanes*width), dst)
		})
	})
}

// transpose loads four rows of four and returns the columns.
func (a *asm) transpose(row []reg) vecs {
	r, t := a.vecs(lanes), a.vecs(lanes)
	for i, v := range r {
		a.op("FMOVQ.P", at(row[i], vectorBytes), v.scalar())
	}
	for i := 0; i < lanes; i += 2 {
		a.op("VTRN1", r[i+1], r[i], t[i])   // 0 and 2 of both
		a.op("VTRN2", r[i+1], r[i], t[i+1]) // 1 and 3
	}
	for i := range 2 {
		a.op("VTRN1", t[2+i].doubles(), t[i].doubles(), r[i].doubles())
		a.op("VTRN2", t[2+i].doubles(), t[i].doubles(), r[2+i].doubles())
	}
	return r
}
