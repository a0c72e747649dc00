package metrics

// Metric is a share that is reported of every set: its name and its meaning,
// which is what is counted and what that is divided by.
type Metric struct {
	Key     string // in JSON and in tables
	Counted string
	Of      string // the denominator
	Note    string // the rest of the sentence

	share func(*Tally) (s Share, ok bool) // not ok where there is nothing to compare with
}

// Meaning says what is counted, of what.
func (m Metric) Meaning() string { return m.Counted + " / " + m.Of + m.Note }

// Table has EDM's metrics and one older figure, in the order in which they are
// printed: texts and JSON are made from it. The strict ones come first: validity, which
// forgives a molecule in pieces, is high where nothing is right.
var Table = []Metric{
	{"connected", "valid and one fragment", "molecules", "", func(t *Tally) (Share, bool) {
		return Share{t.connected, t.Len()}, true
	}},
	{"molecule_stability", "all atoms stable", "molecules", "", func(t *Tally) (Share, bool) {
		return Share{t.stable, t.Len()}, true
	}},
	{"atom_stability", "stable atoms", "atoms", "", func(t *Tally) (s Share, ok bool) {
		for _, a := range t.atoms {
			s.K += a.K
			s.N += a.N
		}
		return s, true
	}},
	{"validity", "valid", "molecules", ", however many fragments", func(t *Tally) (Share, bool) {
		return Share{t.valid, t.Len()}, true
	}},
	{"uniqueness", "distinct SMILES", "valid", "", func(t *Tally) (Share, bool) {
		return Share{len(t.distinct), t.valid}, true
	}},
	{"valid_unique", "distinct SMILES", "molecules", "", func(t *Tally) (Share, bool) {
		return Share{len(t.distinct), t.Len()}, true
	}},
	{"novelty", "distinct SMILES not in the training set", "distinct", "", func(t *Tally) (Share, bool) {
		return Share{t.novel, len(t.distinct)}, t.Known != nil
	}},
	{"near_training", "within 0.1 Å of a training molecule's distances", "stable", "", func(t *Tally) (Share, bool) {
		return Share{t.near, t.stable}, t.Known != nil
	}},
	{"all_single_validity", "valid with every bond single", "molecules", " (older GEOM-Drugs figure)", func(t *Tally) (Share, bool) {
		return Share{t.allSingle, t.Len()}, true
	}},
}
