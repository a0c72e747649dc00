package page

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
)

// book is what a page plots: pictures, and the numbers in them.
type book struct {
	rows [][]string
	err  error // the first
}

var columns = []string{"plot", "series", "x", "y", "low", "high"}

// add writes down a number; low and high are NaN where it has no interval.
func (b *book) add(plot, series string, x any, y, low, high float64) {
	b.rows = append(b.rows, []string{plot, series, fmt.Sprint(x), number(y), number(low), number(high)})
}

// point is a number without an interval.
func (b *book) point(plot, series string, x any, y float64) {
	b.add(plot, series, x, y, math.NaN(), math.NaN())
}

// number writes one, and nothing where there is none.
func number(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

func (b *book) write(w io.Writer) error {
	c := csv.NewWriter(w)
	if err := c.Write(columns); err != nil {
		return err
	}
	return c.WriteAll(b.rows)
}
