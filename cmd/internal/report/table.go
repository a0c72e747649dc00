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

// Table prints the report for people: every share with its 95% interval, its
// denominator and what the training set has, and what is assumed.
func (r Report) Table(w io.Writer) {
	fmt.Fprintf(w, "%d molecules, %d atoms\n%s\n", r.Molecules, r.Counts["atom_stability"].N, r.bonds())
	if r.Training != nil {
		fmt.Fprintf(w, "%-22s %6s  %-16s  %12s\n", "", "%", "95% interval", "training set")
	}
	for _, m := range metrics.Table {
		if c, ok := r.Counts[m.Key]; ok {
			r.row(w, m.Key, c, r.Intervals[m.Key], r.own(m.Key), m.Meaning())
		}
	}
	if warning := r.Warning(); warning != "" {
		fmt.Fprintf(w, "\nWARNING: %s\n", warning)
	}
	r.checks(w)
	r.reference(w)
	r.reasons(w)
	r.radii(w)
	fmt.Fprint(w, assumptions)
}

// bonds says what bonds were gone by, where they are not all from distances.
func (r Report) bonds() (text string) {
	if r.Stated > 0 {
		text = fmt.Sprintf("bonds as the file states them in %d of %d, from distances in the others; %d have a charge, and are judged with it\n", r.Stated, r.Molecules, r.Charged)
	}
	if t := r.Training; t != nil && t.Stated > 0 {
		text += fmt.Sprintf("training set: bonds as the file states them in %d of %d, %d have a charge\n", t.Stated, t.Molecules, t.Charged)
	}
	return text
}

// own is what the training set itself has of a metric, nil where it has none.
func (r Report) own(key string) *metrics.Share {
	if r.Training == nil {
		return nil
	}
	s, ok := r.Training.Counts[key]
	if !ok {
		s, ok = r.Training.Checks[key]
	}
	if !ok {
		return nil
	}
	return &s
}

// row prints a share, beside it the training set's where there is one.
func (r Report) row(w io.Writer, key string, s metrics.Share, interval [2]float64, own *metrics.Share, of string) {
	value, between := "–", ""
	if s.N > 0 {
		value, between = fmt.Sprintf("%.2f", 100*s.Value()), fmt.Sprintf("[%6.2f, %6.2f]", 100*interval[0], 100*interval[1])
	}
	beside := ""
	if r.Training != nil {
		if beside = "–"; own != nil && own.N > 0 {
			beside = fmt.Sprintf("%.2f", 100*own.Value())
		}
		beside = fmt.Sprintf("%12s  ", beside)
	}
	fmt.Fprintf(w, "%-22s %6s  %-16s  %s%d/%d  %s\n", key, value, between, beside, s.K, s.N, of)
}

func (r Report) checks(w io.Writer) {
	if len(r.Checks) == 0 {
		return
	}
	fmt.Fprintf(w, "\ngeometry checks (after PoseBusters, without its force field)\n")
	for k, name := range append(metrics.CheckNames[:], "all") {
		s, of := r.Checks[name], "molecules"
		if k < len(metrics.CheckOf) {
			of = metrics.CheckOf[k]
		}
		low, high := s.Wilson()
		r.row(w, "  "+name, s, [2]float64{low, high}, r.own(name), of)
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
10, 5 and 3 pm), but where it is said above that a file states them. Stable: the bond orders
of an atom, less its charge, add up to a valence of EDM's table. Valid: the whole graph passes
RDKit's valence and aromaticity rules with explicit hydrogens. Open valences count as valid,
for RDKit fills them with hydrogens that are not in the file; stable is the strict figure. The
SMILES, by which molecules are told apart, is that of the largest fragment. Nothing is left
out: what is not valid counts in every "/ molecules".
`
