package experiment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/measure"
	"equifm/cmd/internal/run"
	"equifm/egnn/trained"
	"equifm/flow"
)

// DiagnoseRequest is what Diagnose is told.
type DiagnoseRequest struct {
	Model     string // a checkpoint, the folder of a run, or the name of a built-in model
	Data      string // molecules to take held-out ones from; "" for the model's, or the built-in sample where that is not there
	Molecules int
	Times     []float64 // t
	Seed      uint64
	Steps     int // 0 for the model's
	Workers   int
	JSON      bool // in the place of tables
}

// Diagnose prints on w what becomes of held-out molecules that a model carries on from
// their true state at a time, and what it takes the elements for there.
func Diagnose(ctx context.Context, q DiagnoseRequest, w, notes io.Writer) error {
	m, err := trained.Open(q.Model)
	if err != nil {
		return err
	}
	if q.Steps > 0 && m.Config.Sample.Solver == flow.Dopri5 {
		return exit.Usage{Err: errors.New("-steps changes nothing with the model's solver dopri5, which chooses its own steps")}
	}
	c := m.Config
	if q.Data != "" {
		c.Data.Source = q.Data
	}
	set, err := run.Load(c.Data)
	if err != nil && q.Data == "" {
		c.Data.Source = "builtin"
		fmt.Fprintf(notes, "note: %v; molecules are the built-in sample's\n", err)
		set, err = run.Load(c.Data)
	}
	if err != nil {
		return err
	}
	examples, err := run.HeldOut(set, m, q.Molecules)
	if err != nil {
		return err
	}
	if len(examples) == 0 {
		return errors.New("the data have no molecules of split \"valid\" to hold against")
	}
	o := m.Options()
	o.Seed, o.Workers = q.Seed, q.Workers
	if q.Steps > 0 {
		o.Steps = q.Steps
	}
	d, err := diagnose(ctx, m, examples, o, q.Times)
	if err != nil {
		return err
	}
	learn, _, err := c.Data.Molecules(set)
	if err != nil {
		return err
	}
	reference := measure.NewReference(learn, c)
	if q.JSON {
		return json.NewEncoder(w).Encode(diagnosed{q.Model, m.Step, len(examples), set.Name, o.Solver.String(), o.Steps, q.Seed,
			d.started(reference), channelNames(c.Vocabulary()), d.Features})
	}
	fmt.Fprintf(w, "%v\n%d molecules held out of %s, %s, %d steps from t = 1, seed %d\n\n", m, len(examples), set.Name, o.Solver, o.Steps, q.Seed)
	d.print(w, reference, channelNames(c.Vocabulary()))
	return nil
}

// diagnosed is a diagnosis for programs.
type diagnosed struct {
	Model     string                `json:"model"`
	Step      int                   `json:"step"`
	Molecules int                   `json:"molecules"`
	Source    string                `json:"source"` // that they are held out of
	Solver    string                `json:"solver"`
	Steps     int                   `json:"steps"` // from t = 1
	Seed      uint64                `json:"seed"`
	From      []map[string]*float64 `json:"from"` // null where there is no such number
	Channels  []string              `json:"channels"`
	Features  []measure.Features    `json:"features"`
}

// startedFigures are those of a sample that began at the true state.
var startedFigures = []string{"atom_stability", "molecule_stability", "validity", "connected", "bond_w1", "angle_w1"}

// started lists the figures by the time that they began at.
func (d diagnosis) started(r measure.Reference) (all []map[string]*float64) {
	for _, f := range d.From {
		row := map[string]*float64{"t": orNull(f.T), "nfe": orNull(float64(f.Quality.NFE)), "right_types": orNull(f.RightTypes)}
		for _, key := range startedFigures {
			row[key] = orNull(figures[key].of(&Arm{Reference: r}, &Result{Quality: f.Quality}, nil))
		}
		all = append(all, row)
	}
	return all
}

// print writes both halves as tables.
func (d diagnosis) print(w io.Writer, r measure.Reference, channels []string) {
	fmt.Fprintf(w, "from the true state at t\n%6s %6s %8s %9s %7s %10s %7s %9s %9s\n", "t", "NFE", "atoms %", "stable %", "valid %", "1 piece %", "types %", "bonds mÅ", "angles °")
	for _, f := range d.From {
		of := func(width, digits int, scale float64, key string) string {
			v := scale * figures[key].of(&Arm{Reference: r}, &Result{Quality: f.Quality}, nil)
			if math.IsNaN(v) { // such as the bonds of molecules that have none
				return fmt.Sprintf("%*s", width, "–")
			}
			return fmt.Sprintf("%*.*f", width, digits, v)
		}
		fmt.Fprintf(w, "%6.2f %6d %s %s %s %s %7.1f %s %s\n", f.T, f.Quality.NFE, of(8, 1, 1, "atom_stability"), of(9, 1, 1, "molecule_stability"),
			of(7, 1, 1, "validity"), of(10, 1, 1, "connected"), f.RightTypes, of(9, 1, 1000, "bond_w1"), of(9, 2, 1, "angle_w1"))
	}
	fmt.Fprintf(w, "\nmean of ĥ₀ over the data's, at the true state at t\n%6s", "t")
	for _, name := range channels {
		fmt.Fprintf(w, " %6s", name)
	}
	fmt.Fprintln(w)
	for _, f := range d.Features {
		fmt.Fprintf(w, "%6.2f", f.T)
		for _, v := range f.Ratio {
			if v == 0 {
				fmt.Fprintf(w, " %6s", "–")
				continue
			}
			fmt.Fprintf(w, " %6.3f", v)
		}
		fmt.Fprintln(w)
	}
}
