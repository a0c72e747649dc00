package onscreen

import (
	"equifm/molecule"
	"equifm/molecule/bonds"
)

// Frame is a state on the way from noise to the molecule.
type Frame struct {
	Step     int       `json:"step"` // 0 is noise
	Of       int       `json:"of"`   // the molecule's step
	Time     float64   `json:"time"` // t: 1 at noise, 0 at the molecule
	Elements []string  `json:"elements"`
	X        []float64 `json:"x"`     // (N, 3), Å
	Bonds    [][3]int  `json:"bonds"` // two atoms, from 0, and the order
}

func newFrame(step, of int, t float64, m *molecule.Molecule, g *molecule.Graph) Frame {
	f := Frame{Step: step, Of: of, Time: t, Elements: make([]string, m.Len()), X: make([]float64, 0, 3*m.Len()), Bonds: make([][3]int, len(g.Bonds))}
	for i, e := range m.Elements {
		f.Elements[i] = e.String()
		f.X = append(f.X, m.Pos[i][:]...)
	}
	for k, b := range g.Bonds {
		f.Bonds[k] = [3]int{int(b.I), int(b.J), int(b.Order)}
	}
	return f
}

// film turns the states that a sampler is at into frames.
type film struct {
	table *bonds.Table
	of    int
	shown int
	show  func(Frame)
}

func (f *film) add(_ int, t float64, m *molecule.Molecule) error {
	if t == 0 {
		return nil // the molecule itself
	}
	f.show(newFrame(f.shown, f.of, t, m, f.table.Perceive(m)))
	f.shown++
	return nil
}
