package kernel

// AddRow adds bias to every row: dst[r,:] += bias. dst is (rows, n), bias (n).
func AddRow[T Float](dst, bias []T) {
	rows := rowsOf("AddRow", len(dst), len(bias))
	if f := fast[T](); f != nil {
		f.addRow(ptr(dst), ptr(bias), rows, len(bias))
		return
	}
	addRowGo(dst, bias, rows)
}

func addRowGo[T Float](dst, bias []T, rows int) {
	n := len(bias)
	for r := range rows {
		addGo(dst[r*n:r*n+n], bias)
	}
}

// SumRows adds the column sums: dst += Σ_r x[r,:]. dst is (n), x (rows, n).
func SumRows[T Float](dst, x []T) {
	rows := rowsOf("SumRows", len(x), len(dst))
	if f := fast[T](); f != nil {
		f.sumRows(ptr(dst), ptr(x), rows, len(dst))
		return
	}
	sumRowsGo(dst, x, rows)
}

func sumRowsGo[T Float](dst, x []T, rows int) {
	n := len(dst)
	for j := range dst {
		var sum T
		for r := range rows {
			sum += x[r*n+j]
		}
		dst[j] += sum
	}
}

// RowDot writes the product of every row with w: dst[r] = x[r,:]·w. dst is
// (rows), x (rows, n), w (n).
func RowDot[T Float](dst, x, w []T) {
	rows, n := len(dst), len(w)
	sameLen("RowDot", rows*n, len(x))
	if f := fast[T](); f != nil {
		f.rowDot(ptr(dst), ptr(x), ptr(w), rows, n)
		return
	}
	rowDotGo(dst, x, w)
}

func rowDotGo[T Float](dst, x, w []T) {
	n := len(w)
	for r := range dst {
		dst[r] = dotGo(x[r*n:r*n+n], w)
	}
}

// ScaleRowsAdd adds the weighted sum of the rows: dst += Σ_r g[r]·x[r,:], gated
// messages arriving at an atom. dst is (n), x (rows, n), g (rows).
func ScaleRowsAdd[T Float](dst, x, g []T) {
	rows, n := len(g), len(dst)
	sameLen("ScaleRowsAdd", rows*n, len(x))
	if f := fast[T](); f != nil {
		f.scaleRowsAdd(ptr(dst), ptr(x), ptr(g), rows, n)
		return
	}
	scaleRowsAddGo(dst, x, g)
}

func scaleRowsAddGo[T Float](dst, x, g []T) {
	n := len(dst)
	for j := range dst {
		var sum T
		for r, v := range g {
			sum += v * x[r*n+j]
		}
		dst[j] += sum
	}
}
