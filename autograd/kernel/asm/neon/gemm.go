package main

import "fmt"

// A tile of C: 24 registers of sums, 3 of A, 2 of B.
const (
	mr = 12
	nr = 2 * lanes
)

// gemm writes the tiles of 1 to mr rows. A product's last rows use the smaller
// ones.
func (a *asm) gemm() {
	for rows := 1; rows <= mr; rows++ {
		a.tile(rows)
	}
}

// tile writes the heart of the matrix product: a tile of C, rows × nr, stays in
// registers while k runs. Each step of k is an outer product,
//
//	C[i, :] += A[i, k] · B[k, :]    for every row i of the tile
//
// An instruction multiplies by one lane of a register, so that a step takes one
// load of a column of A and one of B for 2·rows multiplications. The column's
// elements lie side by side, whether because A is transposed or because packColumns has
// put them there; columns are acs bytes apart. There is nothing to prefetch: what
// is packed has been read.
func (a *asm) tile(rows int) {
	a.function(fmt.Sprintf("gemm%dx%d", rows, nr),
		"(k int, a *float32, ars, acs int, b *float32, brs int, c *float32, crs int, alpha, beta float32, next *float32, step int)",
		"computes C = alpha·A·B + beta·C for one tile; strides in bytes, ars 4.", func() {
			k, x, acs := a.arg("k"), a.arg("a"), a.arg("acs")
			b, brs := a.arg("b"), a.arg("brs")
			sum := make([]vecs, rows)
			for i := range sum {
				sum[i] = a.zeros(2)
			}
			a.times(k, func() {
				row := cols{asm: a, vectors: 2}.load(b, by(brs))
				column := a.column(x, acs, rows)
				for i, s := range sum {
					for j := range s {
						a.fmlaLane(s[j], row[j], column[i/lanes], i%lanes)
					}
				}
			})
			a.storeTile(sum)
		})
}

// column loads rows numbers, exactly, for what follows a matrix is not its own.
func (a *asm) column(x, acs reg, rows int) vecs {
	if rows%lanes == 0 {
		return cols{asm: a, vectors: rows / lanes}.load(x, by(acs))
	}
	var column vecs
	for i := 0; i < rows; i += lanes {
		v := a.vec()
		switch left := rows - i; {
		case left >= lanes:
			a.op("FMOVQ", at(x, 4*i), v.scalar())
		case left == 1:
			a.op("FMOVS", at(x, 4*i), v.scalar())
		default:
			a.op("FMOVD", at(x, 4*i), v.scalar())
			if left == 3 {
				third := a.vec()
				a.op("FMOVS", at(x, 4*i+8), third.scalar())
				a.op("VMOV", third.lane(0), v.lane(2))
			}
		}
		column = append(column, v)
	}
	a.op("ADD", acs, x)
	return column
}

// storeTile writes alpha·sum + beta·C, and where beta is zero never reads C.
func (a *asm) storeTile(sum []vecs) {
	c, crs, bits := a.arg("c"), a.arg("crs"), a.gp()
	scale := a.vec()
	a.op("FMOVS", a.param("alpha"), scale.scalar())
	for _, s := range sum {
		for _, v := range s {
			a.fmulLane(v, v, scale, 0)
		}
	}
	// beta = ±0: C is overwritten, whatever it holds.
	store, two := a.label("store"), cols{asm: a, vectors: 2}
	a.op("MOVWU", a.param("beta"), bits)
	a.op("LSL", imm(33), bits)
	a.op("CBZ", bits, store)
	a.op("FMOVS", a.param("beta"), scale.scalar())
	a.scope(func() {
		place := a.gp()
		a.op("MOVD", c, place)
		row := a.vecs(2)
		for _, s := range sum {
			two.whole("VLD1", place, by(crs), row)
			for j, v := range s {
				a.fmlaLane(v, row[j], scale, 0)
			}
		}
	})
	a.place(store)
	for _, s := range sum {
		two.store(s, c, by(crs))
	}
}
