package onscreen

import (
	"equifm/egnn/trained"
)

// Model is what a page has to know of a model before it can ask for a molecule.
type Model struct {
	Text  string `json:"text"`  // what it is, in a line
	Sizes []int  `json:"sizes"` // numbers of atoms that it has learned, rising
	Steps int    `json:"steps"` // evaluations of the network that it is meant to be given
}

// Describe says it of m.
func Describe(m *trained.Model) Model {
	about := Model{Text: m.String(), Steps: m.Config.Sample.Steps}
	for n, count := range m.Sizes.Counts {
		if count > 0 {
			about.Sizes = append(about.Sizes, n)
		}
	}
	return about
}
