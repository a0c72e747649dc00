package experiment

import (
	"fmt"
	"io"
)

// aligned writes what the transport takes by itself.
func (o *Outcome) aligned(w io.Writer) {
	if len(o.Aligned) == 0 {
		return
	}
	fmt.Fprintf(w, "## The transport by itself\n\nµs of processor time a molecule, and what it leaves of the squared distance, Å² an atom; %d made-up molecules a size (even in a ball).\n\n", ballsTimed)
	heads := []string{"arm"}
	for _, n := range o.File.Measure.Alignment {
		heads = append(heads, fmt.Sprintf("N = %d", n))
	}
	row(w, heads...)
	row(w, rule(len(heads))...)
	for i := 0; i < len(o.Aligned); i += len(o.File.Measure.Alignment) {
		cells := []string{o.Aligned[i].Arm}
		for _, r := range o.Aligned[i : i+len(o.File.Measure.Alignment)] {
			cells = append(cells, fmt.Sprintf("%.0f µs, %.2f", 1e6*r.Seconds, r.Cost))
		}
		row(w, cells...)
	}
	fmt.Fprintln(w)
}
