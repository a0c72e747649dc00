package molecule

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
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

// ParseFormula returns the atoms of a molecular formula such as C6H8O2, element by
// element in its order.
func ParseFormula(formula string) (atoms []Element, err error) {
	rest := formula
	for rest != "" {
		symbol := rest[:1]
		if len(rest) > 1 && 'a' <= rest[1] && rest[1] <= 'z' {
			symbol = rest[:2]
		}
		rest = rest[len(symbol):]
		e, ok := ParseElement(symbol)
		if !ok {
			return nil, fmt.Errorf("formula %q: expected an element at %q", formula, symbol+rest)
		}
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		rest = rest[len(digits):]
		count := 1
		if digits != "" {
			if count, err = strconv.Atoi(digits); err != nil || count < 1 || count > mostOfFormula {
				return nil, fmt.Errorf("formula %q: %s atoms of %v, expected 1 to %d", formula, digits, e, mostOfFormula)
			}
		}
		atoms = append(atoms, slices.Repeat([]Element{e}, count)...)
	}
	if len(atoms) == 0 {
		return nil, errors.New("formula: expected elements and their numbers, such as C6H8O2")
	}
	return atoms, nil
}

// mostOfFormula is the largest number in a formula.
const mostOfFormula = 10_000
