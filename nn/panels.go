package nn

import (
	"gonum.org/v1/gonum/blas"

	"equifm/autograd"
)

// side is the width of a panel: 32 columns of a matrix, one row's after the other's.
const side = 32

// whole is n, to whole panels.
func whole(n int) int { return (n + side - 1) / side * side }

// toPanels writes src (m, n) in panels, one after the other, of whole(m)·32 numbers each: what is
// beyond m and n is 0.
func toPanels[T autograd.Float](dst, src []T, m, n int) {
	for j := 0; j < n; j += side {
		cols := min(side, n-j)
		panel := dst[j*whole(m) : (j+side)*whole(m)]
		for i := range m {
			row := panel[i*side : (i+1)*side]
			copy(row, src[i*n+j:i*n+j+cols])
			clear(row[cols:])
		}
		clear(panel[m*side:])
	}
}

// fromPanels is toPanels's way back.
func fromPanels[T autograd.Float](dst, src []T, m, n int) {
	for j := 0; j < n; j += side {
		cols := min(side, n-j)
		panel := src[j*whole(m):]
		for i := range m {
			copy(dst[i*n+j:i*n+j+cols], panel[i*side:])
		}
	}
}

// gramPanels writes the panels of XXᵀ for X (m, n), down to the block on the diagonal.
func gramPanels[T autograd.Float](dst, x []T, m, n int) {
	for j := 0; j < m; j += side {
		cols := min(side, m-j)
		panel := dst[j*whole(m) : j*whole(m)+(j+side)*side]
		if cols < side {
			clear(panel)
		}
		autograd.Gemm(blas.NoTrans, blas.Trans, j+cols, cols, n, 1, x, n, x[j*n:], n, 0, panel, side)
	}
}
