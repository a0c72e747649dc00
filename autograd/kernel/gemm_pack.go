package kernel

// gemmScratch is what one product needs beside its operands.
type gemmScratch struct {
	b [kc * nc]float32           // panels of nr columns, each (k, nr): what a tile reads, in the order it reads it
	a [maxMr * (kc + 16)]float32 // rows of A with an awkward stride
	c [maxMr * maxNr]float32     // a tile that C cannot take as it is
}

// free holds scratch for as many calls as ever ran at once, up to its capacity.
// Unlike a sync.Pool it survives a garbage collection.
var free = make(chan *gemmScratch, 256)

func getScratch() *gemmScratch {
	select {
	case s := <-free:
		return s
	default:
		return new(gemmScratch)
	}
}

func putScratch(s *gemmScratch) {
	select {
	case free <- s:
	default:
	}
}

// asItLies tells whether B (k, n), row-major with stride ldb, need not be packed:
// it is one panel already, or so small (16 KiB) that all of it stays in the
// first-level cache in whatever order it is read.
func (g *product) asItLies(ldb int) bool {
	return g.sums == nil && g.n%g.nr == 0 && (ldb == g.nr || g.k*ldb <= 16<<10/4)
}

// packed makes the panels in b those that the tiles read.
func (g *product) packed(b []float32) { g.b, g.brs, g.bps = b, g.nr, g.k }

// packRows packs B (k, n), row-major with stride ldb, into panels.
func (g *product) packRows(panels, b []float32, ldb int) {
	for j := 0; j < g.n; j += g.nr {
		panel := panels[j*g.k : (j+g.nr)*g.k]
		if g.pack != nil && j+g.nr <= g.n {
			g.pack(ptr(panel), ptr(b[j:]), 4*ldb, g.k)
			continue
		}
		cols := min(g.nr, g.n-j)
		if cols < g.nr {
			clear(panel)
		}
		for p := range g.k {
			copyFew(panel[p*g.nr:], b[p*ldb+j:p*ldb+j+cols])
		}
	}
}

// packTrans packs B (k, n), stored transposed (n, k) with stride ldb.
func (g *product) packTrans(panels, b []float32, ldb int) {
	for j := 0; j < g.n; j += g.nr {
		panel := panels[j*g.k : (j+g.nr)*g.k]
		cols, p := min(g.nr, g.n-j), 0
		switch {
		case cols < g.nr:
			clear(panel)
		case g.packT != nil:
			p = g.k &^ 7
			g.packT(ptr(panel), ptr(b[j*ldb:]), 4*ldb, p)
		}
		for i := range cols {
			col := b[(j+i)*ldb : (j+i)*ldb+g.k]
			for q := p; q < g.k; q++ {
				panel[q*g.nr+i] = col[q]
			}
		}
	}
}
