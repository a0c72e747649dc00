package datasets

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"equifm/molecule"
)

// QM9 has 133,885 molecules, numbered from 1 ("gdb"). 3,054 of them failed the
// authors' consistency check and are left out; EDM (Hoogeboom et al. 2022,
// arXiv 2203.17003) and its successors split the other 130,831 by
//
//	numpy.random.seed(0); p = numpy.random.permutation(130831)
//
// over their ranks: the first 100,000 train, the next 17,748 validate, the last
// 13,083 (a tenth) test.
const (
	qm9Size  = 133_885
	qm9Left  = 130_831
	qm9Train = 100_000
	qm9Valid = 17_748
)

// The ids that failed the check, as published with the data set.
//
//go:embed qm9-uncharacterized.txt
var uncharacterizedText string

// place is where the standard split puts a molecule.
type place uint8

const (
	leftOut place = iota
	trainFirst
	trainSecond
	valid
	test
)

var splitNames = [...]string{trainFirst: "train", trainSecond: "train", valid: "valid", test: "test"}

// qm9Places has the place of every gdb id. The halves of the training set are
// EDM's too, for an oracle and the model that it judges: the training molecules
// in the order of the archive, that of their ids, permuted with seed 42
// (initialize_datasets in its qm9/data/utils.py).
var qm9Places = sync.OnceValue(func() *[qm9Size + 1]place {
	var out [qm9Size + 1]bool
	for line := range strings.Lines(uncharacterizedText) {
		if id, err := strconv.Atoi(strings.TrimSpace(line)); err == nil {
			out[id] = true
		}
	}
	ids := make([]int, 0, qm9Left) // rank among those left → gdb
	for id := 1; id <= qm9Size; id++ {
		if !out[id] {
			ids = append(ids, id)
		}
	}
	if len(ids) != qm9Left {
		panic(fmt.Sprintf("datasets: %d molecules of QM9 are left, not %d", len(ids), qm9Left))
	}
	var at [qm9Size + 1]place
	perm := numpyPermutation(0, qm9Left)
	for k, rank := range perm[qm9Train:] {
		at[ids[rank]] = valid
		if k >= qm9Valid {
			at[ids[rank]] = test
		}
	}
	train := slices.Sorted(slices.Values(perm[:qm9Train])) // ranks in the archive's order
	for k, i := range numpyPermutation(42, qm9Train) {
		at[ids[train[i]]] = trainFirst
		if k >= qm9Train/2 {
			at[ids[train[i]]] = trainSecond
		}
	}
	return &at
})

// QM9Split is the standard split ("train", "valid" or "test") of the molecule
// with the given gdb id, "" for one that is left out.
func QM9Split(gdb int) string {
	if gdb < 1 || gdb > qm9Size {
		return ""
	}
	return splitNames[qm9Places()[gdb]]
}

// Halves divides the split "train" in two, for a property's oracle and the
// model that it judges. QM9's molecules, known by their property gdb, fall as
// in EDM, whichever of them the set holds; of other sets it takes the first and
// second half of a permutation by numpy's seed 42.
func (s *Set) Halves() (first, second []molecule.Molecule) {
	train := s.Split("train")
	inSecond := make([]bool, len(train))
	for k, i := range numpyPermutation(42, len(train)) {
		inSecond[i] = k >= len(train)/2
	}
	if places, ok := trainPlaces(train); ok {
		for i, p := range places {
			inSecond[i] = p == trainSecond
		}
	}
	for i, m := range train {
		if inSecond[i] {
			second = append(second, m)
		} else {
			first = append(first, m)
		}
	}
	return first, second
}

// trainPlaces has the half of each molecule, if all are QM9's training molecules.
func trainPlaces(train []molecule.Molecule) ([]place, bool) {
	places := make([]place, len(train))
	for i := range train {
		text, _ := train[i].Property("gdb")
		gdb, err := strconv.Atoi(text)
		if err != nil || QM9Split(gdb) != "train" {
			return nil, false
		}
		places[i] = qm9Places()[gdb]
	}
	return places, true
}
