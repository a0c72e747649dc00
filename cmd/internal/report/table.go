package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"equifm/molecule/metrics"
)

// Table prints the report for people: every share with its 95% interval and
// its denominator, and what is assumed.
func (r Report) Table(w io.Writer) {
	fmt.Fprintf(w, "%d molecules, %d atoms\n\n", r.Molecules, r.Counts["atom_stability"].N)
	for _, m := range metrics.Table {
		if c, ok := r.Counts[m.Key]; ok {
			row(w, m.Key, c, r.Intervals[m.Key], m.Meaning())
		}
	}
	r.checks(w)
	r.reference(w)
	r.reasons(w)
	r.radii(w)
	fmt.Fprint(w, assumptions)
}

func row(w io.Writer, key string, s metrics.Share, interval [2]float64, of string) {
	if s.N == 0 {
		fmt.Fprintf(w, "%-22s      –  %-16s  %d/%d  %s\n", key, "", s.K, s.N, of)
		return
	}
	fmt.Fprintf(w, "%-22s %6.2f  [%6.2f, %6.2f]  %d/%d  %s\n", key, 100*s.Value(), 100*interval[0], 100*interval[1], s.K, s.N, of)
}

func (r Report) checks(w io.Writer) {
	if len(r.Checks) == 0 {
		return
	}
	fmt.Fprintf(w, "\ngeometry checks (after PoseBusters, without its force field)\n")
	for _, name := range append(metrics.CheckNames[:], "all") {
		s := r.Checks[name]
		low, high := s.Wilson()
		row(w, "  "+name, s, [2]float64{low, high}, "molecules")
	}
	fmt.Fprintf(w, "  %d pairs of atoms clash\n", r.Clashes)
}

func (r Report) reference(w io.Writer) {
	if r.Reference == nil {
		return
	}
	c := r.Reference
	fmt.Fprintf(w, "\nagainst the training set\n  elements             %9.4f    total variation of their frequencies\n", c.ElementTV)
	for _, d := range []struct {
		name, unit string
		metrics.Distances
	}{{"bond lengths", "Å", c.Lengths}, {"bond angles", "°", c.Angles}, {"dihedrals", "°", c.Dihedrals}} {
		if d.Mean == nil {
			fmt.Fprintf(w, "  %-20s         –    no kind in common\n", d.name)
			continue
		}
		fmt.Fprintf(w, "  %-20s %9.4f %s  1-Wasserstein, mean over kinds that make up %.1f%% of the training set's\n",
			d.name, *d.Mean, d.unit, 100*d.Covered)
		fmt.Fprintf(w, "    %s\n", byKind(d.ByKind))
	}
}

// mostKinds are printed; all are in the JSON.
const mostKinds = 8

// byKind lists the kinds that are farthest off.
func byKind(m map[string]float64) string {
	kinds := slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(cmp.Compare(m[b], m[a]), strings.Compare(a, b))
	})
	var parts []string
	for _, k := range kinds[:min(len(kinds), mostKinds)] {
		parts = append(parts, fmt.Sprintf("%s %.4f", k, m[k]))
	}
	if len(kinds) > mostKinds {
		parts = append(parts, "…")
	}
	return "farthest: " + strings.Join(parts, ", ")
}

// mostReasons are printed; all are in the JSON.
const mostReasons = 6

func (r Report) reasons(w io.Writer) {
	if len(r.Reasons) == 0 {
		return
	}
	fmt.Fprintf(w, "\nwhy molecules are not valid (the first reason found in each)\n")
	reasons := slices.SortedFunc(maps.Keys(r.Reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(r.Reasons[b], r.Reasons[a]), strings.Compare(a, b))
	})
	for _, reason := range reasons[:min(len(reasons), mostReasons)] {
		fmt.Fprintf(w, "  %7d  %s\n", r.Reasons[reason], reason)
	}
	if more := len(reasons) - mostReasons; more > 0 {
		fmt.Fprintf(w, "           and %d more\n", more)
	}
}

// radii says which bonds no published length has judged.
func (r Report) radii(w io.Writer) {
	if len(r.ByRadii) == 0 {
		return
	}
	fmt.Fprint(w, "\nbonds by covalent radii (Pyykkö and Atsumi 2009), for no length of theirs is published:")
	for _, kind := range slices.Sorted(maps.Keys(r.ByRadii)) {
		fmt.Fprintf(w, " %s %d", kind, r.ByRadii[kind])
	}
	fmt.Fprintln(w)
}

const assumptions = `
Shares in percent, with 95% intervals: Wilson's; for atoms, which come in molecules, the
bootstrap's. Uniqueness falls as the number of molecules grows.
Bonds and their orders come from the distances alone, by EDM's table (16 elements, margins
10, 5 and 3 pm); bonds in the file are not used. Stable: the bond orders of an atom add up to
a valence of EDM's table. Valid: the whole graph passes RDKit's valence and aromaticity rules
with explicit hydrogens. Open valences count as valid, for RDKit fills them with hydrogens that
are not in the file; stable is the strict figure. The SMILES, by which molecules are told apart,
is that of the largest fragment. Nothing is left out: what is not valid counts in every "/ molecules".
`
