package metrics

import "regexp"

// Tally counts judgements of a set of molecules. None is left out: what is not
// valid counts in every denominator that is called molecules. The zero value is
// ready for use.
type Tally struct {
	Known map[string]bool // the training set's SMILES, by the same rule; nil where there is none

	atoms     []Share // stable atoms of each molecule
	stable    int
	valid     int
	connected int
	allSingle int
	distinct  map[string]bool // SMILES of the valid
	novel     int             // distinct SMILES that are not Known
	reasons   map[string]int
	checked   int
	passed    int
	checks    [NumChecks]int
	clashes   int
}

// Add counts one molecule.
func (t *Tally) Add(j Judgement) {
	t.atoms = append(t.atoms, Share{j.StableAtoms, j.Atoms})
	t.stable += toInt(j.Stable)
	if !j.Valid {
		if t.reasons == nil {
			t.reasons = map[string]int{}
		}
		t.reasons[kindOfReason(j.Reason)]++
		return
	}
	t.valid++
	t.connected += toInt(j.Fragments == 1)
	if !t.distinct[j.SMILES] {
		if t.distinct == nil {
			t.distinct = map[string]bool{}
		}
		t.distinct[j.SMILES] = true
		t.novel += toInt(!t.Known[j.SMILES])
	}
}

// Len returns the number of molecules.
func (t *Tally) Len() int { return len(t.atoms) }

// AddAllSingle counts the same molecule as valid or not with every bond single.
func (t *Tally) AddAllSingle(valid bool) { t.allSingle += toInt(valid) }

// AddChecks counts the geometry checks of the same molecule.
func (t *Tally) AddChecks(c Checks) {
	t.checked++
	t.passed += toInt(c.Passed())
	t.clashes += c.Clashes
	for k, ok := range c.OK {
		t.checks[k] += toInt(ok)
	}
}

// SMILES returns the distinct strings of the valid molecules: what another
// Tally takes as Known. It is shared with t.
func (t *Tally) SMILES() map[string]bool { return t.distinct }

func toInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

var whichAtom = regexp.MustCompile(`^atom \d+ \(([^)]*)\)`)

// kindOfReason leaves out which atom it was, so that reasons can be counted.
func kindOfReason(reason string) string { return whichAtom.ReplaceAllString(reason, "$1") }

// Totals are the figures of a set. Every share has its numerator and
// denominator under the same name in Counts and its 95% interval in Intervals.
type Totals struct {
	Molecules         int                   `json:"molecules"`
	AtomStability     float64               `json:"atom_stability"`     // stable atoms / atoms
	MoleculeStability float64               `json:"molecule_stability"` // all atoms stable / molecules
	Validity          float64               `json:"validity"`           // valid / molecules, whatever the number of fragments
	Connected         float64               `json:"connected"`          // valid of one fragment / molecules
	Uniqueness        float64               `json:"uniqueness"`         // distinct SMILES / valid
	ValidUnique       float64               `json:"valid_unique"`       // distinct SMILES / molecules
	Novelty           *float64              `json:"novelty,omitempty"`  // distinct SMILES not known / distinct
	AllSingle         float64               `json:"all_single_validity"`
	Counts            map[string]Share      `json:"counts"`
	Intervals         map[string][2]float64 `json:"intervals"`
	Reasons           map[string]int        `json:"reasons,omitempty"`
	Checks            map[string]Share      `json:"checks,omitempty"`
	Clashes           int                   `json:"clashes"` // pairs of atoms
}

// Totals sums up. The intervals are Wilson's, but for the atoms: these come in
// molecules, which are resampled. For uniqueness it takes "repeats another" as
// independent from molecule to molecule; uniqueness falls with the number of
// molecules, so it compares only sets of one size.
func (t *Tally) Totals() Totals {
	n := len(t.atoms)
	var atoms Share
	for _, a := range t.atoms {
		atoms.K += a.K
		atoms.N += a.N
	}
	counts := map[string]Share{
		"atom_stability":      atoms,
		"molecule_stability":  {t.stable, n},
		"validity":            {t.valid, n},
		"connected":           {t.connected, n},
		"uniqueness":          {len(t.distinct), t.valid},
		"valid_unique":        {len(t.distinct), n},
		"all_single_validity": {t.allSingle, n},
	}
	out := Totals{
		Molecules:         n,
		AtomStability:     atoms.Value(),
		MoleculeStability: counts["molecule_stability"].Value(),
		Validity:          counts["validity"].Value(),
		Connected:         counts["connected"].Value(),
		Uniqueness:        counts["uniqueness"].Value(),
		ValidUnique:       counts["valid_unique"].Value(),
		AllSingle:         counts["all_single_validity"].Value(),
		Counts:            counts,
		Intervals:         map[string][2]float64{},
		Reasons:           t.reasons,
		Clashes:           t.clashes,
	}
	if t.Known != nil {
		counts["novelty"] = Share{t.novel, len(t.distinct)}
		novelty := counts["novelty"].Value()
		out.Novelty = &novelty
	}
	for name, s := range counts {
		low, high := s.Wilson()
		out.Intervals[name] = [2]float64{low, high}
	}
	low, high := bootstrapRatio(t.atoms)
	out.Intervals["atom_stability"] = [2]float64{low, high}
	if t.checked > 0 {
		out.Checks = t.checkShares()
	}
	return out
}

func (t *Tally) checkShares() map[string]Share {
	shares := map[string]Share{"all": {t.passed, t.checked}}
	for k, n := range t.checks {
		shares[CheckNames[k]] = Share{n, t.checked}
	}
	return shares
}
