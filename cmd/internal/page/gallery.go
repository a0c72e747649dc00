package page

import (
	"io"
	"math"
	"strconv"

	"equifm/cmd/internal/signs"
	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/metrics"
)

// shown is how many molecules a page shows of those that are valid in one piece, and of
// the others.
const shown = 24

// Gallery keeps the molecules that a page shows: the first of each kind. It takes those of
// a sample of any size, in order, and little memory.
type Gallery struct {
	Repair *signs.Repair // of all molecules

	n         int // seen so far
	atoms     int
	good, bad []Shown
	goods     int // of all
	waiting   []*molecule.Molecule
}

// Shown is a molecule on the page.
type Shown struct {
	Frame
	Number    int    `json:"number"` // in the sample, from 1
	Formula   string `json:"formula"`
	SMILES    string `json:"smiles"`
	Stable    bool   `json:"stable"`
	Valid     bool   `json:"valid"`
	Fragments int    `json:"fragments"`
	Reason    string `json:"reason"` // why it is not good
	Film      int    `json:"film"`   // -1 for none
}

// Frame is where atoms are, in hundredths of Å, and which bonds that makes.
type Frame struct {
	Elements []string `json:"e"`
	X        []int    `json:"x"`           // (N, 3)
	Bonds    [][3]int `json:"b"`           // two atoms, from 0, and the order
	T        float64  `json:"t,omitempty"` // of a film
}

// NewGallery returns one of no molecules yet. Elements are those that a model knows.
func NewGallery(t *bonds.Table, elements []molecule.Element) *Gallery {
	return &Gallery{Repair: signs.NewRepair(t, elements)}
}

// Add takes the next molecule. Its number is what it says of its index, or else its place.
func (g *Gallery) Add(m *molecule.Molecule, j *metrics.Judgement) {
	g.n++
	g.atoms += m.Len()
	if g.n <= mostRepaired {
		g.Repair.Add(m, j)
	}
	kind := &g.bad
	if good := j.Valid && j.Fragments == 1; good {
		g.goods++
		kind = &g.good
	}
	if len(*kind) == shown || !finite(m) {
		return
	}
	number := g.n
	if index, ok := m.Property("index"); ok {
		if k, err := strconv.Atoi(index); err == nil {
			number = k
		}
	}
	*kind = append(*kind, Shown{Frame: frame(m, j.Graph), Number: number, Formula: m.Formula(), SMILES: j.SMILES, Stable: j.Stable, Valid: j.Valid,
		Fragments: j.Fragments, Reason: j.Reason, Film: -1})
}

// mostRepaired is how many molecules of a large sample are asked what would mend them.
const mostRepaired = 2000

// meanSize is the atoms of a molecule.
func (g *Gallery) meanSize() float64 { return float64(g.atoms) / float64(max(g.n, 1)) }

// Reading passes molecules on to be judged; Judged takes what is found, in their order.
func (g *Gallery) Reading(r molecule.Reader) molecule.Reader { return &reading{g, r} }

type reading struct {
	*Gallery
	molecule.Reader
}

func (r *reading) Read() (*molecule.Molecule, error) {
	m, err := r.Reader.Read()
	if err == nil {
		r.waiting = append(r.waiting, m)
	}
	return m, err
}

// Judged takes the judgement of the next molecule that was read.
func (g *Gallery) Judged(j metrics.Judgement) error {
	if len(g.waiting) == 0 {
		return io.ErrUnexpectedEOF
	}
	g.Add(g.waiting[0], &j)
	g.waiting = g.waiting[1:]
	return nil
}

func frame(m *molecule.Molecule, g *molecule.Graph) Frame {
	f := Frame{Elements: []string{}, X: []int{}, Bonds: [][3]int{}}
	for i, e := range m.Elements {
		f.Elements = append(f.Elements, e.String())
		for _, x := range m.Pos[i] {
			f.X = append(f.X, int(math.Round(100*max(-1e4, min(1e4, x)))))
		}
	}
	for _, b := range g.Bonds {
		f.Bonds = append(f.Bonds, [3]int{int(b.I), int(b.J), int(b.Order)})
	}
	return f
}

func finite(m *molecule.Molecule) bool {
	for _, p := range m.Pos {
		if s := p[0] + p[1] + p[2]; math.IsNaN(s) || math.IsInf(s, 0) {
			return false
		}
	}
	return true
}
