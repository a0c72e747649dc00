package report

import (
	"bytes"
	"encoding/json"
	"slices"

	"equifm/molecule/metrics"
)

// Report is an evaluation summed up.
type Report struct {
	Sampling *Sampling // nil for molecules from a file
	metrics.Totals
	ByRadii   map[string]int      // bonds judged by covalent radii, by their elements
	Reference *metrics.Comparison // distance of the shapes from the reference's; nil without one
	Training  *metrics.Totals     // the reference's own figures; nil without one
}

// Sampling says how the molecules were drawn from a model.
type Sampling struct {
	Step     int     `json:"step"` // of the training
	Seed     uint64  `json:"seed"`
	Solver   string  `json:"solver"`
	NFE      int     `json:"nfe"` // evaluations of the network
	Steps    int     `json:"steps"`
	Rejected int     `json:"rejected"`
	Seconds  float64 `json:"seconds"`
}

// Report sums up, and compares with a reference if that is not nil.
func (e *Evaluation) Report(reference *Evaluation) Report {
	r := Report{Totals: e.Tally.Totals(), ByRadii: e.ByRadii}
	if reference != nil {
		c := e.Shapes.Compare(reference.Shapes)
		own := reference.Tally.Totals()
		r.Reference, r.Training = &c, &own
	}
	return r
}

// MarshalJSON writes one object: how the molecules were drawn, their number, the
// value of every metric in the order of metrics.Table, and what stands behind it.
func (r Report) MarshalJSON() ([]byte, error) {
	parts := []any{struct {
		*Sampling
		Molecules int `json:"molecules"`
	}{r.Sampling, r.Molecules}}
	for _, m := range metrics.Table {
		if s, ok := r.Counts[m.Key]; ok {
			parts = append(parts, map[string]float64{m.Key: s.Value()})
		}
	}
	parts = append(parts, struct {
		Counts    map[string]metrics.Share `json:"counts"`
		Intervals map[string][2]float64    `json:"intervals"`
		Warning   string                   `json:"warning,omitempty"`
		Reasons   map[string]int           `json:"reasons,omitempty"`
		Checks    map[string]metrics.Share `json:"checks,omitempty"`
		Clashes   int                      `json:"clashes"`
		Stated    int                      `json:"stated"`
		Charged   int                      `json:"charged"`
		ByRadii   map[string]int           `json:"bonds_by_radii,omitempty"`
		Reference *metrics.Comparison      `json:"reference,omitempty"`
		Training  *own                     `json:"training,omitempty"`
	}{r.Counts, r.Intervals, r.Warning(), r.Reasons, r.Checks, r.Clashes, r.Stated, r.Charged, r.ByRadii, r.Reference, training(r.Training)})
	return object(parts)
}

// own is the training set's own figures, for programs.
type own struct {
	Molecules int                      `json:"molecules"`
	Counts    map[string]metrics.Share `json:"counts"`
	Checks    map[string]metrics.Share `json:"checks,omitempty"`
	Stated    int                      `json:"stated"`
	Charged   int                      `json:"charged"`
}

func training(t *metrics.Totals) *own {
	if t == nil {
		return nil
	}
	return &own{t.Molecules, t.Counts, t.Checks, t.Stated, t.Charged}
}

// object puts the fields of all parts into one object.
func object(parts []any) ([]byte, error) {
	var fields [][]byte
	for _, p := range parts {
		text, err := json.Marshal(p)
		if err != nil {
			return nil, err
		}
		fields = append(fields, text[1:len(text)-1])
	}
	return slices.Concat([]byte{'{'}, bytes.Join(fields, []byte{','}), []byte{'}'}), nil
}
