package main

import "fmt"

// Vectors side by side: an operation does each of them. A group of one is the same
// operand for all.
type vecs []vec

func (g vecs) of(i int) vec {
	if len(g) == 1 {
		return g[0]
	}
	return g[i]
}

// vecs returns k fresh registers, one after the other.
func (a *asm) vecs(k int) vecs {
	g := make(vecs, k)
	for i := range g {
		g[i] = a.vec()
	}
	return g
}

// like returns as many fresh registers as g has.
func (a *asm) like(g vecs) vecs { return a.vecs(len(g)) }

func (a *asm) zeros(k int) vecs {
	g := a.vecs(k)
	for _, v := range g {
		a.op("VEOR", v.bytes(), v.bytes(), v.bytes())
	}
	return g
}

// three writes d = n op m.
func (a *asm) three(op uint32, name string, d, n, m vecs) {
	for i, v := range d {
		a.word(encode3(op, v, n.of(i), m.of(i)), "%s V%d.4S, V%d.4S, V%d.4S", name, v, n.of(i), m.of(i))
	}
}

// two writes d = op n.
func (a *asm) two(op uint32, name string, d, n vecs) {
	for i, v := range d {
		a.word(encode2(op, v, n.of(i)), "%s V%d.4S, V%d.4S", name, v, n.of(i))
	}
}

func (a *asm) fadd(d, n, m vecs) { a.three(fadd, "FADD", d, n, m) }
func (a *asm) fsub(d, n, m vecs) { a.three(fsub, "FSUB", d, n, m) }
func (a *asm) fmul(d, n, m vecs) { a.three(fmul, "FMUL", d, n, m) }
func (a *asm) fdiv(d, n, m vecs) { a.three(fdiv, "FDIV", d, n, m) }
func (a *asm) fmax(d, n, m vecs) { a.three(fmax, "FMAX", d, n, m) }
func (a *asm) fmin(d, n, m vecs) { a.three(fmin, "FMIN", d, n, m) }
func (a *asm) fsqrt(d, n vecs)   { a.two(fsqrt, "FSQRT", d, n) }
func (a *asm) fneg(d, n vecs)    { a.two(fneg, "FNEG", d, n) }

// each writes an instruction that Go's assembler has, whose operands are in its
// order: the result last.
func each(d vecs, f func(i int, v vec)) {
	for i, v := range d {
		f(i, v)
	}
}

// fmla writes d += n·m, rounded once.
func (a *asm) fmla(d, n, m vecs) {
	each(d, func(i int, v vec) { a.op("VFMLA", m.of(i), n.of(i), v) })
}

// fmls writes d −= n·m, rounded once.
func (a *asm) fmls(d, n, m vecs) {
	each(d, func(i int, v vec) { a.op("VFMLS", m.of(i), n.of(i), v) })
}

// fmlaLane writes d += n·m[lane].
func (a *asm) fmlaLane(d, n, m vec, lane int) {
	a.word(encodeLane(fmlaLane, d, n, m, lane), "FMLA V%d.4S, V%d.4S, V%d.S[%d]", d, n, m, lane)
}

// fmulLane writes d = n·m[lane].
func (a *asm) fmulLane(d, n, m vec, lane int) {
	a.word(encodeLane(fmulLane, d, n, m, lane), "FMUL V%d.4S, V%d.4S, V%d.S[%d]", d, n, m, lane)
}

func (a *asm) mov(d, n vecs) {
	each(d, func(i int, v vec) { a.op("VORR", n.of(i).bytes(), n.of(i).bytes(), v.bytes()) })
}

func (a *asm) or(d, n, m vecs) {
	each(d, func(i int, v vec) { a.op("VORR", m.of(i).bytes(), n.of(i).bytes(), v.bytes()) })
}

// choose writes yes where d has ones, else no.
func (a *asm) choose(d, yes, no vecs) {
	each(d, func(i int, v vec) { a.op("VBSL", no.of(i).bytes(), yes.of(i).bytes(), v.bytes()) })
}

// insert writes the bits of n into d where mask has ones.
func (a *asm) insert(d, n, mask vecs) {
	each(d, func(i int, v vec) { a.op("VBIT", mask.of(i).bytes(), n.of(i).bytes(), v.bytes()) })
}

// without writes the bits of n where mask has none.
func (a *asm) without(d, n, mask vecs) {
	each(d, func(i int, v vec) {
		a.word(encode3(bic, v, n.of(i), mask.of(i)), "BIC V%d.16B, V%d.16B, V%d.16B", v, n.of(i), mask.of(i))
	})
}

// negative writes ones where n has its sign set, else zeros.
func (a *asm) negative(d, n vecs) {
	each(d, func(i int, v vec) {
		a.word(encode2(cmlt, v, n.of(i)), "CMLT V%d.4S, V%d.4S, #0", v, n.of(i))
	})
}

// greater writes ones where n > m, else zeros, as for NaN.
func (a *asm) greater(d, n, m vecs) { a.three(fcmgt, "FCMGT", d, n, m) }

// Whole numbers: d = n + m, n − m, n·2^shift, ⌊n/2^shift⌋.

func (a *asm) add(d, n, m vecs) {
	each(d, func(i int, v vec) { a.op("VADD", m.of(i), n.of(i), v) })
}

func (a *asm) sub(d, n, m vecs) {
	each(d, func(i int, v vec) { a.op("VSUB", m.of(i), n.of(i), v) })
}

func (a *asm) left(d, n vecs, shift int) {
	each(d, func(i int, v vec) { a.op("VSHL", imm(shift), n.of(i), v) })
}

func (a *asm) right(d, n vecs, shift int) {
	each(d, func(i int, v vec) {
		a.word(encodeShift(sshr, v, n.of(i), shift), "SSHR V%d.4S, V%d.4S, #%d", v, n.of(i), shift)
	})
}

// sumLanes adds the lanes of v into lane 0: the upper half to the lower, then the
// two.
func (a *asm) sumLanes(v vec) {
	a.scope(func() {
		upper := a.vec()
		a.op("VEXT", imm(8), v.bytes(), v.bytes(), upper.bytes())
		a.fadd(vecs{v}, vecs{v}, vecs{upper})
		a.word(encode2(faddp1, v, v), "FADDP S%d, V%d.2S", v, v)
	})
}

// sumLanes4 writes the sums of the lanes of four vectors, of each in sumLanes'
// order, into the lanes of the first. All are overwritten.
func (a *asm) sumLanes4(v vecs) {
	a.halve(v[0], v[1])
	a.halve(v[2], v[3])
	a.three(faddp, "FADDP", v[:1], v[:1], v[2:3])
}

// sumLanes2 is sumLanes of two vectors, into lanes 0 and 1 of v.
func (a *asm) sumLanes2(v, w vec) {
	a.halve(v, w)
	a.three(faddp, "FADDP", vecs{v}, vecs{v}, vecs{v})
}

// halve writes v[0]+v[2], v[1]+v[3], w[0]+w[2], w[1]+w[3] to v.
func (a *asm) halve(v, w vec) {
	a.scope(func() {
		lower := a.vec()
		a.op("VZIP1", w.doubles(), v.doubles(), lower.doubles())
		a.op("VZIP2", w.doubles(), v.doubles(), v.doubles())
		a.fadd(vecs{v}, vecs{lower}, vecs{v})
	})
}

// list names registers as the loads and stores of several want them.
func (g vecs) list() string {
	s := "["
	for i, v := range g {
		if i > 0 {
			s += ", "
		}
		s += v.String()
	}
	return s + "]"
}

// spread returns the float32 at p in every lane, and steps p to the next.
func (a *asm) spread(p reg) vecs {
	v := a.vec()
	a.op("VLD1R.P", at(p, 4), fmt.Sprintf("[%v]", v))
	return vecs{v}
}

// shifted is the operand r·2^shift.
func shifted(r reg, shift int) string { return fmt.Sprintf("%s<<%d", r, shift) }
