package smiles

import (
	"slices"
	"strings"

	"equifm/molecule/chem"
)

// Canonical returns the canonical SMILES of s: equal strings for equal molecules,
// whatever the order of atoms and bonds. Hydrogens that are atoms are written as
// atoms, parts that are not connected in the order of their strings, and there
// is no stereochemistry. Sanitise s first: it is its marks that make two Kekulé
// forms one string. The string follows RDKit's style but need not be RDKit's.
func Canonical(s *chem.Structure) string {
	s.Link()
	label := make([]int32, len(s.Atoms))
	var stack []int32
	w := new(Writer)
	parts := make([]string, s.Fragments(label, &stack))
	for c := range parts {
		var part chem.Structure
		s.Part(label, int32(c), &part)
		parts[c] = w.Connected(&part)
	}
	slices.Sort(parts)
	return strings.Join(parts, ".")
}

// Writer writes one molecule after another in the same memory. The zero value is
// ready for use; it is not for several goroutines at once.
type Writer struct {
	canon canoniser
	spell speller
}

// Connected returns the canonical SMILES of a linked structure of one fragment.
func (w *Writer) Connected(s *chem.Structure) string {
	w.canon.number(s)
	w.spell.write(s, &w.canon)
	return string(w.spell.text)
}
