package metrics

import "fmt"

// Totals are the figures of a set: by the keys of Table, every share with its
// numerator and denominator and with its 95% interval.
type Totals struct {
	Molecules int
	Counts    map[string]Share
	Intervals map[string][2]float64
	Reasons   map[string]int   // why molecules are not valid
	Checks    map[string]Share // by CheckNames, of the molecules that have what is looked at, and "all"; nil of no molecules
	Clashes   int              // pairs of atoms
	Stated    int              // molecules judged by the bonds and charges of their file
	Charged   int              // molecules with a charge, which is as stated
}

// Warning says that validity misleads, where it is far above connected; "" where not. An
// atom by itself is valid, for hydrogens that are not there fill it up: of samplers that
// have come apart, one has been 40% valid with 9% of its atoms stable.
func (t Totals) Warning() string {
	valid, whole := t.Counts["validity"], t.Counts["connected"]
	if low, _ := valid.Wilson(); low < whole.Value()+misleads {
		return ""
	}
	return fmt.Sprintf("%.1f%% of the molecules are valid, and %.1f%% are valid and in one piece: go by connected and molecule_stability, "+
		"for the pieces are valid by hydrogens that are not there", 100*valid.Value(), 100*whole.Value())
}

// misleads is how far the lower end of validity's interval may be above connected.
const misleads = 0.03

// Totals sums up. The intervals are Wilson's, but for the atoms: these come in
// molecules, which are resampled. For uniqueness it takes "repeats another" as
// independent from molecule to molecule; uniqueness falls with the number of
// molecules, so it compares only sets of one size.
func (t *Tally) Totals() Totals {
	out := Totals{
		Molecules: t.Len(),
		Counts:    map[string]Share{},
		Intervals: map[string][2]float64{},
		Reasons:   t.reasons,
		Clashes:   t.clashes,
		Stated:    t.stated,
		Charged:   t.charged,
	}
	for _, m := range Table {
		if s, ok := m.share(t); ok {
			low, high := s.Wilson()
			out.Counts[m.Key], out.Intervals[m.Key] = s, [2]float64{low, high}
		}
	}
	low, high := bootstrapRatio(t.atoms)
	out.Intervals["atom_stability"] = [2]float64{low, high}
	if n := t.Len(); n > 0 {
		out.Checks = map[string]Share{"all": {t.passed, n}}
		for k, s := range t.checks {
			out.Checks[CheckNames[k]] = s
		}
	}
	return out
}
