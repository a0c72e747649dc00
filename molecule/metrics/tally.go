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
	near      int             // stable molecules within near Å of one of the training set
	novel     int             // distinct SMILES that are not Known
	reasons   map[string]int
	passed    int
	checks    [NumChecks]Share
	clashes   int
	stated    int // judged by the bonds that the file states
	charged   int
}

// near is the distance, Å, below which two molecules are taken for one: more than
// the vibrations that a sample shows, less than two conformers differ by.
const near = 0.1

// Add counts one molecule.
func (t *Tally) Add(j Judgement) {
	t.atoms = append(t.atoms, Share{j.StableAtoms, j.Atoms})
	t.stable += toInt(j.Stable)
	t.near += toInt(j.Stable && j.Nearest < near)
	t.allSingle += toInt(j.AllSingle)
	t.passed += toInt(j.Checks.Passed())
	t.clashes += j.Checks.Clashes
	t.stated += toInt(j.Stated)
	t.charged += toInt(j.Charge != 0)
	for k, has := range j.Checks.Has {
		t.checks[k].K += toInt(has && j.Checks.OK[k])
		t.checks[k].N += toInt(has)
	}
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
