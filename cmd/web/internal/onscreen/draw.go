package onscreen

import (
	"context"
	"fmt"
	"strings"

	"equifm/cmd/internal/files"
	"equifm/egnn/trained"
	"equifm/molecule"
	"equifm/molecule/metrics"
)

// Wish is the molecule that a page asks for: number Number of those that cmd/sample
// draws with these flags.
type Wish struct {
	Atoms   int    `json:"atoms"`   // 0: as often as the training set has them,
	Formula string `json:"formula"` // or as many as this has; "" for any
	Seed    uint64 `json:"seed,string"`
	Number  int    `json:"number"` // from 1
	Steps   int    `json:"steps"`
}

// Drawn is a molecule with what is said of it.
type Drawn struct {
	Frame                       // the last
	Name      string            `json:"name"`
	Formula   string            `json:"formula"`
	Judgement metrics.Judgement `json:"judgement"`
	Connected bool              `json:"connected"` // valid and of one fragment
	SDF       string            `json:"sdf"`       // the record that cmd/sample writes
	Command   string            `json:"command"`   // that draws it too
}

// most is the highest number of a molecule that a page may ask for: the command that
// draws the same one draws all before it too.
const most = 1_000_000

// Draw draws a molecule, and shows every state on the way: noise first, and the
// molecule itself not.
func Draw(ctx context.Context, m *trained.Model, w Wish, show func(Frame)) (Drawn, error) {
	if w.Number < 1 || w.Number > most {
		return Drawn{}, fmt.Errorf("molecule number %d, expected 1 to %d", w.Number, most)
	}
	o := m.Options()
	o.Number, o.Seed, o.First, o.Atoms, o.Steps, o.Workers = 1, w.Seed, w.Number-1, w.Atoms, w.Steps, 1
	if w.Formula != "" {
		elements, err := molecule.ParseFormula(w.Formula)
		if err != nil {
			return Drawn{}, err
		}
		o.Elements = elements
	}
	f := &film{table: m.Config.Bonds(), of: w.Steps, show: show}
	o.Watch = f.add
	molecules, stats, err := m.Sample(ctx, o)
	if err != nil {
		return Drawn{}, err
	}
	judged := m.Judge(molecules)
	files.Origin(molecules[0], &judged[0], m, o, o.First, stats.NFE)
	return w.drawn(m, f, molecules, judged)
}

func (w Wish) drawn(m *trained.Model, f *film, molecules []*molecule.Molecule, judged []metrics.Judgement) (Drawn, error) {
	var sdf strings.Builder
	if err := files.WriteSDF(&sdf, molecules, judged); err != nil {
		return Drawn{}, err
	}
	j := judged[0]
	return Drawn{
		Frame:     newFrame(f.shown, f.shown, 0, molecules[0], j.Graph),
		Name:      molecules[0].Name,
		Formula:   molecules[0].Formula(),
		Judgement: j,
		Connected: j.Valid && j.Fragments == 1,
		SDF:       sdf.String(),
		Command:   w.command(m),
	}, nil
}

// command draws the molecule, as the last of all that it draws.
func (w Wish) command(m *trained.Model) string {
	flags := fmt.Sprintf("-n %d -seed %d", w.Number, w.Seed)
	if w.Atoms > 0 {
		flags += fmt.Sprintf(" -atoms %d", w.Atoms)
	}
	if w.Formula != "" {
		flags += " -formula " + w.Formula
	}
	if w.Steps != m.Config.Sample.Steps {
		flags += fmt.Sprintf(" -steps %d", w.Steps)
	}
	return "go run ./cmd/sample " + flags + " -out molecules.sdf"
}
