package report

import (
	"encoding/json"
	"fmt"
	"io"

	"gonum.org/v1/gonum/stat"

	"equifm/molecule/metrics"
)

// Spread is what several samples are worth, such as one for each seed: every figure as a
// mean and standard deviation over them, as the field's tables have it.
type Spread struct {
	Files   []string
	Reports []Report
}

// figure is one of all samples. Scale takes it to what people read.
type figure struct {
	key, of string
	scale   float64
	values  []float64 // of each sample
}

// figures are those that every sample has.
func (s Spread) figures() (all []figure) {
	add := func(f figure, of func(Report) (float64, bool)) {
		for _, r := range s.Reports {
			if v, ok := of(r); ok {
				f.values = append(f.values, v)
			}
		}
		if len(f.values) == len(s.Reports) {
			all = append(all, f)
		}
	}
	for _, m := range metrics.Table {
		add(figure{key: m.Key, of: "%, " + m.Meaning(), scale: 100}, func(r Report) (float64, bool) {
			c, ok := r.Counts[m.Key]
			return c.Value(), ok && c.N > 0
		})
	}
	add(figure{key: "element_tv", of: "total variation of the elements' frequencies from the training set's", scale: 1}, func(r Report) (float64, bool) {
		if r.Reference == nil {
			return 0, false
		}
		return r.Reference.ElementTV, true
	})
	for _, d := range []struct {
		key, unit string
		of        func(*metrics.Comparison) *float64
	}{
		{"bond_length_w1", "Å", func(c *metrics.Comparison) *float64 { return c.Lengths.Mean }},
		{"bond_angle_w1", "°", func(c *metrics.Comparison) *float64 { return c.Angles.Mean }},
		{"dihedral_w1", "°", func(c *metrics.Comparison) *float64 { return c.Dihedrals.Mean }},
	} {
		add(figure{key: d.key, of: d.unit + ", 1-Wasserstein from the training set", scale: 1}, func(r Report) (float64, bool) {
			if r.Reference == nil || d.of(r.Reference) == nil {
				return 0, false
			}
			return *d.of(r.Reference), true
		})
	}
	return all
}

// Table prints a line for every figure: mean and standard deviation, and each sample's.
func (s Spread) Table(w io.Writer) {
	fmt.Fprintf(w, "%d samples:", len(s.Files))
	for i, name := range s.Files {
		fmt.Fprintf(w, " %s (%d molecules)", name, s.Reports[i].Molecules)
	}
	fmt.Fprintf(w, "\n\n%-20s %9s %8s   of each\n", "", "mean", "± sd")
	for _, f := range s.figures() {
		places := 2
		if f.scale == 1 {
			places = 4
		}
		mean, sd := stat.MeanStdDev(f.values, nil)
		fmt.Fprintf(w, "%-20s %9.*f %8.*f  ", f.key, places, f.scale*mean, places, f.scale*sd)
		for _, v := range f.values {
			fmt.Fprintf(w, " %8.*f", places, f.scale*v)
		}
		fmt.Fprintf(w, "  %s\n", f.of)
	}
}

// MarshalJSON writes one object: mean and standard deviation of every figure, and the
// samples' own objects.
func (s Spread) MarshalJSON() ([]byte, error) {
	mean, sd := map[string]float64{}, map[string]float64{}
	for _, f := range s.figures() {
		mean[f.key], sd[f.key] = stat.MeanStdDev(f.values, nil)
	}
	samples := make([]json.RawMessage, len(s.Reports))
	for i, r := range s.Reports {
		text, err := object([]any{map[string]string{"file": s.Files[i]}, r})
		if err != nil {
			return nil, err
		}
		samples[i] = text
	}
	return json.Marshal(struct {
		Mean    map[string]float64 `json:"mean"`
		SD      map[string]float64 `json:"sd"`
		Samples []json.RawMessage  `json:"samples"`
	}{mean, sd, samples})
}
