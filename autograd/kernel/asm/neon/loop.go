package main

import "fmt"

const (
	lanes       = 4         // float32 in a vector
	vectorBytes = 4 * lanes // of a vector
)

// cols is a place in a row: some whole vectors, or the few elements left at the
// row's end, which are one vector whose other lanes read as zero and are not
// written. Memory beyond the row is never touched.
type cols struct {
	*asm
	vectors int
	rest    int // elements at the row's end; 0 for whole vectors
}

// A step is how a pointer moves after a load or a store.
type step struct {
	along bool // by what was loaded or stored
	by    *reg // by a register's bytes
}

var (
	stay  = step{}
	along = step{along: true}
)

func by(r reg) step { return step{by: &r} }

// load returns the vectors at p.
func (c cols) load(p reg, s step) vecs {
	g := c.vecs(c.vectors)
	if c.rest == 0 {
		c.whole("VLD1", p, s, g)
		return g
	}
	c.few(p, s, func(name string, offset, lane int) {
		switch {
		case lane == 0:
			c.op(name, at(p, offset), g[0].scalar())
		case s.along:
			c.op("VLD1.P", at(p, offset), g[0].lane(lane))
		default:
			c.scope(func() {
				t := c.vec()
				c.op("FMOVS", at(p, offset), t.scalar())
				c.op("VMOV", t.lane(0), g[0].lane(lane))
			})
		}
	})
	return g
}

// store writes g at p.
func (c cols) store(g vecs, p reg, s step) {
	if c.rest == 0 {
		c.whole("VST1", p, s, g)
		return
	}
	c.few(p, s, func(name string, offset, lane int) {
		switch {
		case lane == 0:
			c.op(name, g[0].scalar(), at(p, offset))
		case s.along:
			c.op("VST1.P", g[0].lane(lane), at(p, offset))
		default:
			c.scope(func() {
				t := c.vec()
				c.op("VMOV", g[0].lane(lane), t.lane(0))
				c.op("FMOVS", t.scalar(), at(p, offset))
			})
		}
	})
}

// whole loads or stores vectors.
func (c cols) whole(name string, p reg, s step, g vecs) {
	place := at(p, 0)
	switch {
	case s.along:
		name, place = name+".P", at(p, len(g)*vectorBytes)
	case s.by != nil:
		name, place = name+".P", fmt.Sprintf("(%s)(%s)", p, *s.by)
	}
	if name[:4] == "VLD1" {
		c.op(name, place, g.list())
	} else {
		c.op(name, g.list(), place)
	}
}

// few does one to three elements: a pair or a single one from lane 0 on, and then
// the third. Loads of the first clear the lanes above.
func (c cols) few(p reg, s step, move func(name string, offset, lane int)) {
	name, size := "FMOVS", 4
	if c.rest > 1 {
		name, size = "FMOVD", 8
	}
	if s.along {
		move(name+".P", size, 0)
		if c.rest == 3 {
			move("", 4, 2)
		}
		return
	}
	move(name, 0, 0)
	if c.rest == 3 {
		move("", 8, 2)
	}
	if s.by != nil {
		c.op("ADD", *s.by, p)
	}
}

// within returns v with zeros in the lanes beyond the row's end: what is made of more
// than loads, as x_i − 0 is, must not reach a sum over lanes from there.
func (c cols) within(v vecs) vecs {
	if c.rest == 0 {
		return v
	}
	inside := c.vecs(1)
	switch c.rest {
	case 1:
		c.op("FMOVS", v[0].scalar(), inside[0].scalar())
	case 2:
		c.op("FMOVD", v[0].scalar(), inside[0].scalar())
	case 3:
		c.mov(inside, v)
		c.op("VMOV", "ZR", inside[0].lane(3))
	}
	return inside
}

// stripes runs body along a row of n elements, as many of the first of widths
// vectors at a time as there are, then the next, the last of which is 1, and then
// for the rest. n is overwritten.
func (a *asm) stripes(n reg, widths []int, body func(c cols)) {
	for _, w := range widths {
		loop, next := a.label("vectors"), a.label("next")
		a.op("SUBS", imm(w*lanes), n)
		a.op("BLT", next)
		a.place(loop)
		a.scope(func() { body(cols{asm: a, vectors: w}) })
		a.op("SUBS", imm(w*lanes), n)
		a.op("BGE", loop)
		a.place(next)
		a.op("ADD", imm(w*lanes), n)
	}
	done, one, three := a.label("done"), a.label("one"), a.label("three")
	a.op("CBZ", n, done)
	a.op("CMP", imm(2), n)
	a.op("BLT", one)
	a.op("BGT", three)
	a.scope(func() { body(cols{asm: a, vectors: 1, rest: 2}) })
	a.op("B", done)
	a.place(three)
	a.scope(func() { body(cols{asm: a, vectors: 1, rest: 3}) })
	a.op("B", done)
	a.place(one)
	a.scope(func() { body(cols{asm: a, vectors: 1, rest: 1}) })
	a.place(done)
}

// columns is stripes for a copy of n.
func (a *asm) columns(n reg, widths []int, body func(c cols)) {
	a.scope(func() {
		left := a.gp()
		a.op("MOVD", n, left)
		a.stripes(left, widths, body)
	})
}

// times runs body as often as n says. n is overwritten.
func (a *asm) times(n reg, body func()) {
	loop, done := a.label("row"), a.label("rowsDone")
	a.op("CBZ", n, done)
	a.place(loop)
	a.scope(body)
	a.op("SUBS", imm(1), n)
	a.op("BNE", loop)
	a.place(done)
}
