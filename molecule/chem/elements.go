package chem

import (
	"slices"
	"strings"

	"equifm/molecule"
)

// The valences that RDKit 2022.09 knows, smallest first: an atom is filled up
// with hydrogens to the next one, and is refused above the last. anyValence at
// the end stands for no upper limit; an element with nothing but it takes no
// implicit hydrogens.
const anyValence = -1

var valenceLists = func() (lists [256][]int) {
	for i := range lists {
		lists[i] = []int{anyValence}
	}
	for _, row := range []struct {
		allowed  []int
		elements string
	}{
		{[]int{0}, "He Ne Ar Kr Rn"},
		{[]int{0, 2, 4, 6}, "Xe"},
		{[]int{1}, "H Li F Na Cl K Br Rb Cs Fr"},
		{[]int{1, 3, 5}, "I At"},
		{[]int{2}, "Be O"},
		{[]int{2, 4}, "Sn Pb"},
		{[]int{2, 4, 6}, "S Se Te Po"},
		{[]int{2, anyValence}, "Mg Ca Sr Ba Ra"},
		{[]int{3}, "B N Ga In Tl"},
		{[]int{3, 5, 7}, "P As Sb Bi"},
		{[]int{3, 6}, "Al"},
		{[]int{4}, "C Ge"},
		{[]int{4, 6}, "Si"},
	} {
		for _, symbol := range strings.Fields(row.elements) {
			lists[element(symbol)] = row.allowed
		}
	}
	return lists
}()

// Valences returns the valences of e, smallest first, as RDKit has them; open says that
// any other is allowed too.
func Valences(e molecule.Element) (allowed []int, open bool) {
	allowed = valenceLists[e]
	if last := len(allowed) - 1; allowed[last] == anyValence {
		return slices.Clone(allowed[:last]), true
	}
	return slices.Clone(allowed), false
}

// defaultValence is the first valence of e, anyValence when it has none.
func defaultValence(e molecule.Element) int { return valenceLists[e][0] }

// outerElectrons holds the electrons of the outer shell of the main-group
// elements; nothing asks for those of the transition metals.
var outerElectrons = func() (count [256]int) {
	for i, elements := range []string{
		"H Li Na K Rb Cs Fr",
		"He Be Mg Ca Sr Ba Ra Zn Cd Hg",
		"B Al Ga In Tl",
		"C Si Ge Sn Pb",
		"N P As Sb Bi",
		"O S Se Te Po",
		"F Cl Br I At",
		"Ne Ar Kr Xe Rn",
	} {
		for _, symbol := range strings.Fields(elements) {
			count[element(symbol)] = i + 1
		}
	}
	return count
}()

// electropositive marks the elements left of carbon (as RDKit draws the line),
// on which a positive charge costs a bond instead of giving one.
var electropositive = func() (left [256]bool) {
	for _, symbol := range strings.Fields("Li Be B Na Mg Al K Ca Zn Ga Ge Rb Sr Cd In Sn Sb Cs Ba Hg Tl Pb Bi Fr Ra") {
		left[element(symbol)] = true
	}
	return left
}()

// element is the element of a symbol in the tables above.
func element(symbol string) molecule.Element {
	e, ok := molecule.ParseElement(symbol)
	if !ok {
		panic("chem: no element " + symbol)
	}
	return e
}
