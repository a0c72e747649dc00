package metrics

// Totals are the figures of a set: by the keys of Table, every share with its
// numerator and denominator and with its 95% interval.
type Totals struct {
	Molecules int
	Counts    map[string]Share
	Intervals map[string][2]float64
	Reasons   map[string]int   // why molecules are not valid
	Checks    map[string]Share // by CheckNames, and "all"; nil of no molecules
	Clashes   int              // pairs of atoms
	Stated    int              // molecules judged by the bonds and charges of their file
	Charged   int              // molecules with a charge, which is as stated
}

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
		for k, ok := range t.checks {
			out.Checks[CheckNames[k]] = Share{ok, n}
		}
	}
	return out
}
