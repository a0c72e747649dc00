package molecule

import (
	"fmt"
	"slices"
	"strings"
)

// Formula returns the molecular formula in Hill's order: C, H, then the rest by
// the alphabet; all by the alphabet without carbon.
func (m *Molecule) Formula() string {
	counts := map[Element]int{}
	for _, e := range m.Elements {
		counts[e]++
	}
	var order []Element
	for e := range counts {
		order = append(order, e)
	}
	rank := func(e Element) string {
		switch {
		case counts[C] > 0 && e == C:
			return " "
		case counts[C] > 0 && e == H:
			return "!"
		}
		return e.String()
	}
	slices.SortFunc(order, func(a, b Element) int { return strings.Compare(rank(a), rank(b)) })
	var s strings.Builder
	for _, e := range order {
		s.WriteString(e.String())
		if counts[e] > 1 {
			fmt.Fprint(&s, counts[e])
		}
	}
	return s.String()
}
