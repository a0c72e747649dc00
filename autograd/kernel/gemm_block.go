package kernel

// product is one block's product: C (m, n) = alpha·A (m, k)·B (k, n) + beta·C.
type product struct {
	*gemmTiles
	m, n, k     int
	ars, acs    int // element (i, k) of A is at i·ars + k·acs
	crs, ccs    int // element (i, j) of C is at i·crs + j·ccs
	alpha, beta float32
	b           []float32 // B's panels: element (k, j) of panel p, columns from p·nr, is at p·nr·bps + k·brs + j
	brs, bps    int
	scratch     *gemmScratch
}

// block computes the block tile by tile. A's rows are the outer loop: a few of
// them (12 KiB) stay in the first-level cache while B's panels stream past, and
// A and C are each walked through memory once.
func (g *product) block(a, c []float32) {
	if g.sums != nil {
		g.blockPortable(a, c)
		return
	}
	for i := 0; i < g.m; i += g.mr {
		rows := min(g.mr, g.m-i)
		tile := g.tile[rows-1]
		ai, ars, acs := g.rowsOf(a, i, rows)
		for j := 0; j < g.n; j += g.nr {
			next, step := g.ahead(a, i+rows, j)
			b, cij := ptr(g.b[j*g.bps:]), c[i*g.crs+j*g.ccs:]
			if cols := g.n - j; g.ccs != 1 || cols < g.nr {
				t := g.scratch.c[:]
				g.copyIn(t, cij, rows, min(cols, g.nr))
				tile(g.k, ptr(ai), 4*ars, 4*acs, b, 4*g.brs, ptr(t), 4*g.nr, g.alpha, g.beta, next, step)
				g.copyOut(cij, t, rows, min(cols, g.nr))
				continue
			}
			tile(g.k, ptr(ai), 4*ars, 4*acs, b, 4*g.brs, ptr(cij), 4*g.crs, g.alpha, g.beta, next, step)
		}
	}
}

// rowsOf returns rows of A from row i on. They are read where they lie, but by tiles
// that want columns, and for a stride of a multiple of 4 KiB, where all of them would
// fall into the same few lines of the first-level cache: then they are copied.
func (g *product) rowsOf(a []float32, i, rows int) (ai []float32, ars, acs int) {
	const period, stride = 4096 / 4, kc + 16
	s := g.scratch.a[:]
	switch {
	case g.acs == 1 && g.packColumns != nil && rows > 1:
		g.columns(s, a[i*g.ars:], rows)
		return s, 1, maxMr
	case g.acs == 1 && g.ars%period == 0 && rows > 1:
		for r := range rows {
			at := (i + r) * g.ars
			copy(s[r*stride:], a[at:at+g.k])
		}
		return s, stride, 1
	case g.acs > 1 && g.acs%period == 0:
		for p := range g.k {
			at := i*g.ars + p*g.acs
			copy(s[p*maxMr:], a[at:at+rows])
		}
		return s, 1, maxMr
	}
	return a[i*g.ars:], g.ars, g.acs
}

// columns packs rows of A as columns, maxMr apart.
func (g *product) columns(s, a []float32, rows int) {
	r, k := 0, g.k&^3
	for ; r+4 <= rows; r += 4 {
		g.packColumns(ptr(s[r:]), ptr(a[r*g.ars:]), 4*g.ars, k)
		for q := range 4 {
			spreadOut(s[k*maxMr+r+q:], a[(r+q)*g.ars+k:(r+q)*g.ars+g.k])
		}
	}
	for ; r < rows; r++ {
		spreadOut(s[r:], a[r*g.ars:r*g.ars+g.k])
	}
}

// spreadOut writes x to every maxMr-th place of s.
func spreadOut(s, x []float32) {
	for p, v := range x {
		s[p*maxMr] = v
	}
}

// ahead tells a tile what to prefetch while it runs, one address a step of k: the
// rows of A that come next, from row i on, so that the first panel does not wait
// for them. Every panel asks for its share of them.
func (g *product) ahead(a []float32, i, j int) (next *float32, step int) {
	if i >= g.m {
		return ptr(a), 0
	}
	if g.acs != 1 { // k runs down the columns
		return ptr(a[i*g.ars:]), 4 * g.acs
	}
	panels := (g.n + g.nr - 1) / g.nr
	step = g.mr * g.ars / (panels * g.k) // elements
	at := i*g.ars + j/g.nr*g.k*step
	return ptr(a[min(at, len(a)-1):]), 4 * step
}

// copyIn fetches part of a tile of C that no tile can be written to in place: one
// at C's right edge, or of a transposed C.
func (g *product) copyIn(t, c []float32, rows, cols int) {
	if g.beta == 0 {
		return
	}
	for i := range rows {
		for j := range cols {
			t[i*g.nr+j] = c[i*g.crs+j*g.ccs]
		}
	}
}

// copyOut is copyIn's way back.
func (g *product) copyOut(c, t []float32, rows, cols int) {
	for i := range rows {
		for j := range cols {
			c[i*g.crs+j*g.ccs] = t[i*g.nr+j]
		}
	}
}
