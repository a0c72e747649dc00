package eot

import (
	"fmt"
	"math"
)

// Assigner solves assignment problems, exactly and in O(N³): Jonker and Volgenant,
// Computing 38 (1987) 325, without its column reduction when prices from a
// similar problem are at hand. After the first call for a size it allocates
// nothing. It serves one goroutine at a time.
type Assigner struct {
	n     int
	c     []float64 // (N, N) cost, the caller's
	v     []float64 // (N) price of each column
	colOf []int     // (N) column of each row
	rowOf []int     // (N) row of each column, -1 when free
	free  []int     // rows without a column
	d     []float64 // (N) length of the shortest path to each column
	pred  []int     // (N) the row before each column on it
	cols  []int     // (N) columns: scanned | at the least distance | farther
}

// Assign returns the column of each row such that the total of cost (n, n),
// row-major, is least, and the total. The slice is valid until the next call.
func (a *Assigner) Assign(cost []float64, n int) (colOf []int, total float64, err error) {
	if len(cost) != n*n {
		panic(fmt.Sprintf("eot: Assign: %d costs for %d rows", len(cost), n))
	}
	for i, c := range cost {
		if math.IsNaN(c) || math.IsInf(c, 0) {
			return nil, 0, fmt.Errorf("eot: cost (%d,%d) is %v", i/n, i%n, c)
		}
	}
	a.solve(cost, n, false)
	for i, j := range a.colOf {
		total += cost[i*n+j]
	}
	return a.colOf, total, nil
}

// solve fills colOf. With warm set, the prices of the last problem, of the same
// size, are where it starts; any prices lead to the same total, good ones sooner.
func (a *Assigner) solve(cost []float64, n int, warm bool) {
	a.reserve(n)
	a.c = cost
	if !warm {
		a.reduceColumns()
	}
	for i := range a.rowOf {
		a.rowOf[i] = -1
		a.free = append(a.free, i)
	}
	if n == 1 {
		a.colOf[0] = 0
		return
	}
	a.reduceRows()
	a.reduceRows()
	for _, row := range a.free {
		a.augment(row)
	}
}

func (a *Assigner) reserve(n int) {
	if cap(a.v) < n {
		a.v, a.d = make([]float64, n), make([]float64, n)
		a.colOf, a.rowOf, a.pred, a.cols = make([]int, n), make([]int, n), make([]int, n), make([]int, n)
		a.free = make([]int, 0, n)
	}
	a.n = n
	a.v, a.d, a.free = a.v[:n], a.d[:n], a.free[:0]
	a.colOf, a.rowOf, a.pred, a.cols = a.colOf[:n], a.rowOf[:n], a.pred[:n], a.cols[:n]
}

func (a *Assigner) row(i int) []float64 { return a.c[i*a.n : (i+1)*a.n] }

// reduceColumns sets each price to the least cost of its column.
func (a *Assigner) reduceColumns() {
	copy(a.v, a.row(0))
	for i := 1; i < a.n; i++ {
		for j, c := range a.row(i) {
			a.v[j] = min(a.v[j], c)
		}
	}
}

// reduceRows gives every free row its cheapest column and lowers the price of
// that column until the second cheapest is as good. A row driven out looks at
// once for another column if prices fell, and else stays free. Prices fall by
// ever smaller amounts on some problems, hence the bound.
func (a *Assigner) reduceRows() {
	rows, kept := len(a.free), 0
	for k, bound := 0, rows*8; k < rows; bound-- {
		i := a.free[k]
		k++
		j, second, gap := a.cheapest(i)
		fell := a.v[j]-gap < a.v[j]
		if fell {
			a.v[j] -= gap
		} else if a.rowOf[j] >= 0 {
			j = second
		}
		out := a.rowOf[j]
		a.rowOf[j], a.colOf[i] = i, j
		switch {
		case out < 0:
		case fell && bound > 0:
			k--
			a.free[k] = out
		default:
			a.free[kept] = out
			kept++
		}
	}
	a.free = a.free[:kept]
}

// cheapest returns the two cheapest columns of a row at current prices, and by
// how much they differ.
func (a *Assigner) cheapest(i int) (first, second int, gap float64) {
	u1, u2 := math.Inf(1), math.Inf(1)
	for j, c := range a.row(i) {
		u := c - a.v[j]
		if u >= u2 {
			continue
		}
		if u < u1 {
			u, u1 = u1, u
			j, first = first, j
		}
		u2, second = u, j
	}
	return first, second, u2 - u1
}

// augment gives a free row a column along the shortest path of exchanges that
// ends in a free column (Dijkstra on costs less prices), and moves prices so
// that every assigned column stays the cheapest of its row.
func (a *Assigner) augment(free int) {
	for j, c := range a.row(free) {
		a.d[j], a.pred[j], a.cols[j] = c-a.v[j], free, j
	}
	end, least, scanned := a.shortestPath()
	for _, j := range a.cols[:scanned] {
		a.v[j] += a.d[j] - least
	}
	for row := -1; row != free; {
		row = a.pred[end]
		a.rowOf[end] = row
		a.colOf[row], end = end, a.colOf[row]
	}
}

// shortestPath returns the free column that ends the path, its distance, and how
// many columns at the front of cols are nearer.
func (a *Assigner) shortestPath() (end int, least float64, scanned int) {
	for lo, up := 0, 0; ; lo++ {
		if lo == up {
			least, up = a.nearest(lo)
			for _, j := range a.cols[lo:up] {
				if a.rowOf[j] < 0 {
					return j, least, lo
				}
			}
		}
		j1 := a.cols[lo]
		i := a.rowOf[j1]
		row := a.row(i)
		h := row[j1] - a.v[j1] - least
		for k := up; k < len(a.cols); k++ {
			j := a.cols[k]
			d := row[j] - a.v[j] - h
			if d >= a.d[j] {
				continue
			}
			a.d[j], a.pred[j] = d, i
			if d > least {
				continue
			}
			if a.rowOf[j] < 0 {
				return j, least, lo
			}
			a.cols[k], a.cols[up] = a.cols[up], j
			up++
		}
	}
}

// nearest moves the columns at the least distance to the front of cols[lo:] and
// returns that distance and where they end.
func (a *Assigner) nearest(lo int) (least float64, up int) {
	least = math.Inf(1)
	for k := lo; k < len(a.cols); k++ {
		j := a.cols[k]
		d := a.d[j]
		if d > least {
			continue
		}
		if d < least {
			least, up = d, lo
		}
		a.cols[k], a.cols[up] = a.cols[up], j
		up++
	}
	return least, up
}
