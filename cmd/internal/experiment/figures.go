package experiment

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"equifm/cmd/internal/bootstrap"
	"equifm/cmd/internal/measure"
	"equifm/datasets"
)

// Figure is a number that is made of a run's measurements.
type Figure struct {
	Title, Unit string
	Digits      int // behind the point
	Better      int // 1: more is, -1: less is, 0: neither, it only tells
	Scale       float64
	needs       string // a dearer measurement
	name        string // by which an arm remembers its values
	ofTargets   bool   // a loss, which compares only where targets are the same
	// of takes the figure over some of the run's molecules, or all with nil; only a
	// figure that is of molecules looks at them.
	of        func(a *Arm, r *Result, molecules []int) float64
	molecules func(r *Result) int // that can be drawn again; nil for none
}

// figures by their keys in a file.
var figures = named(map[string]Figure{
	"bond_w1": {Title: "bond lengths, W₁", Unit: "mÅ", Digits: 1, Better: -1, Scale: 1000, molecules: sampled,
		of: func(a *Arm, r *Result, index []int) float64 { return r.Quality.BondW1(a.Reference, index) }},
	"angle_w1": {Title: "bond angles, W₁", Unit: "°", Digits: 2, Better: -1, Scale: 1, molecules: sampled,
		of: func(a *Arm, r *Result, index []int) float64 { return r.Quality.AngleW1(a.Reference, index) }},
	"atom_stability":     share("atoms stable", stableAtoms),
	"molecule_stability": share("molecules stable", func(s *measure.Seen) (int, int) { return one(s.Stable), 1 }),
	"validity":           share("valid", func(s *measure.Seen) (int, int) { return one(s.Valid), 1 }),
	"connected":          share("valid and in one piece", func(s *measure.Seen) (int, int) { return one(s.Connected), 1 }),
	"heldout":            held("held-out loss", "", func(h Held) float64 { return h.Loss }),
	"heldout_x":          held("held-out loss, coordinates", "Å²", func(h Held) float64 { return h.X }),
	"heldout_h":          held("held-out loss, features", "", func(h Held) float64 { return h.H }),
	"straightness": {Title: "bend of the model's ways", Unit: "Å²", Digits: 3, Scale: 1, needs: "straight",
		molecules: func(r *Result) int { return len(r.Straight.Bent) },
		of:        func(_ *Arm, r *Result, index []int) float64 { return mean(r.Straight.Bent, index) }},
	"moved": {Title: "length of the model's ways, squared", Unit: "Å²", Digits: 2, Scale: 1, needs: "straight",
		molecules: func(r *Result) int { return len(r.Straight.Moved) },
		of:        func(_ *Arm, r *Result, index []int) float64 { return mean(r.Straight.Moved, index) }},
	"transport_cost": {Title: "noise to data after transport", Unit: "Å²", Digits: 2, Scale: 1, needs: "transport",
		molecules: func(r *Result) int { return len(r.Move.Cost) },
		of:        func(_ *Arm, r *Result, index []int) float64 { return mean(r.Move.Cost, index) }},
	"align_time": {Title: "transport, a molecule", Unit: "µs", Digits: 0, Scale: 1e6, needs: "transport",
		of: func(_ *Arm, r *Result, _ []int) float64 { return r.Move.Seconds }},
	"align_share": {Title: "transport's share of a step", Unit: "%", Digits: 1, Scale: 100, needs: "transport",
		of: func(a *Arm, r *Result, _ []int) float64 {
			return r.Move.Seconds * float64(a.Config.Train.Batch*r.Training.Steps) / r.Training.CPU
		}},
	"asked_mae": {Title: "asked for against the oracle, MAE", Unit: "the property's", Digits: 2, Better: -1, Scale: 1, needs: "oracle", molecules: asked,
		of: func(_ *Arm, r *Result, index []int) float64 { return r.Made.error(r.Made.Says, index) }},
	"asked_r": {Title: "correlation with what was asked for", Digits: 3, Better: 1, Scale: 1, needs: "oracle", molecules: asked,
		of: func(_ *Arm, r *Result, index []int) float64 { return r.Made.correlation(index) }},
	"below_size": {Title: "MAE below that by size alone", Unit: "the property's", Digits: 2, Better: 1, Scale: 1, needs: "oracle", molecules: asked,
		of: func(_ *Arm, r *Result, index []int) float64 {
			return r.Made.error(r.Made.BySize, index) - r.Made.error(r.Made.Says, index)
		}},
	"oracle_error": {Title: "the oracle's own error", Unit: "the property's", Digits: 2, Scale: 1, needs: "oracle", molecules: asked,
		of: func(_ *Arm, r *Result, index []int) float64 { return r.Made.error(r.Made.Own, index) }},
	"size_error": {Title: "error by the number of atoms alone", Unit: "the property's", Digits: 2, Scale: 1, needs: "oracle", molecules: asked,
		of: func(_ *Arm, r *Result, index []int) float64 { return r.Made.error(r.Made.BySize, index) }},
	"any_error": {Title: "error of any value", Unit: "the property's", Digits: 2, Scale: 1, needs: "oracle", molecules: asked,
		of: func(_ *Arm, r *Result, index []int) float64 { return r.Made.error(r.Made.Any, index) }},
	"alignment": {Title: "positions and features apart", Digits: 3, Scale: 1,
		of: func(a *Arm, _ *Result, _ []int) float64 { return a.Reference.Source.Alignment(a.Config.FlowPath()) }},
	"half_time": {Title: "features half told at t", Digits: 3, Scale: 1,
		of: func(a *Arm, _ *Result, _ []int) float64 { return a.Reference.Source.Half(a.Config.FlowPath()) }},
	"steps": {Title: "steps", Scale: 1, of: func(_ *Arm, r *Result, _ []int) float64 { return float64(r.Training.Steps) }},
	"cpu": {Title: "training, processor time", Unit: "s", Digits: 1, Scale: 1,
		of: func(_ *Arm, r *Result, _ []int) float64 { return r.Training.CPU }},
	"nfe": {Title: "evaluations of the network", Scale: 1, Better: -1, of: func(_ *Arm, r *Result, _ []int) float64 { return float64(r.Quality.NFE) }},
	"sample_time": {Title: "sampling 1,000 molecules, processor time", Unit: "s", Digits: 1, Better: -1, Scale: 1000,
		of: func(_ *Arm, r *Result, _ []int) float64 { return r.Quality.CPU / float64(len(r.Quality.Molecules)) }},
	"parameters": {Title: "parameters", Scale: 1, of: func(_ *Arm, r *Result, _ []int) float64 { return float64(r.Training.Parameters) }},
})

// named gives figures their keys for names.
func named(figures map[string]Figure) map[string]Figure {
	for key, f := range figures {
		f.name = key
		figures[key] = f
	}
	return figures
}

// FigureKeys lists the keys of figures.
func FigureKeys() []string { return slices.Sorted(maps.Keys(figures)) }

func share(title string, count func(*measure.Seen) (k, of int)) Figure {
	return Figure{Title: title, Unit: "%", Digits: 1, Better: 1, Scale: 1, molecules: sampled,
		of: func(_ *Arm, r *Result, index []int) float64 { return r.Quality.Share(index, count) }}
}

func held(title, unit string, of func(Held) float64) Figure {
	return Figure{Title: title, Unit: unit, Digits: 3, Better: -1, Scale: 1, ofTargets: true,
		of: func(_ *Arm, r *Result, _ []int) float64 { return of(r.Training.Held) }}
}

func sampled(r *Result) int { return len(r.Quality.Molecules) }

func stableAtoms(s *measure.Seen) (k, of int) { return s.StableAtoms, s.Atoms }

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}

// mean is that of some values, or of all with nil.
func mean(values []float64, index []int) (m float64) {
	if index == nil {
		for _, v := range values {
			m += v / float64(len(values))
		}
	}
	for _, i := range index {
		m += values[i] / float64(len(index))
	}
	return m
}

// drawn are the values of a figure over some runs.
type drawn struct {
	runs *Result // the first
	of   string  // the figure's name
}

// values takes a figure of an arm, whose runs must not have failed. Drawing molecules
// again is most of a report's time: the arm remembers what was drawn.
func (f Figure) values(a *Arm) (v bootstrap.Values) {
	scaled := func(run int, index []int) float64 { return f.Scale * f.of(a, &a.Results[run], index) }
	if f.molecules == nil {
		for run := range a.Results {
			v.Runs = append(v.Runs, scaled(run, nil))
		}
		return v
	}
	place := drawn{&a.Results[0], f.name}
	if v, ok := a.drawn[place]; ok && len(v.Runs) == len(a.Results) {
		return v
	}
	v = bootstrap.Of(len(a.Results), f.molecules(&a.Results[0]), scaled)
	if a.drawn == nil {
		a.drawn = make(map[drawn]bootstrap.Values)
	}
	a.drawn[place] = v
	return v
}

// sweptFigure is a figure of the sample of a sweep at one of its places.
func sweptFigure(key string, place int) Figure {
	return figureOf(key, fmt.Sprintf("%s, sweep %d", key, place), func(r *Result) *measure.Quality { return &r.Sweep[place].Quality })
}

// sizedFigure is a figure of the sample of molecules of one size, by its place.
func sizedFigure(key string, place int) Figure {
	return figureOf(key, fmt.Sprintf("%s, size %d", key, place), func(r *Result) *measure.Quality { return &r.BySize[place] })
}

// startedFigure is a figure of the samples that began at a true state.
func startedFigure(key string, place int) Figure {
	return figureOf(key, fmt.Sprintf("%s, start %d", key, place), func(r *Result) *measure.Quality { return &r.Diagnosis.From[place].Quality })
}

// figureOf is a figure of molecules, taken of another sample than the arm's own.
func figureOf(key, name string, sample func(*Result) *measure.Quality) Figure {
	f := figures[key]
	of := f.of
	f.name = name
	f.of = func(a *Arm, r *Result, index []int) float64 {
		other := *r
		other.Quality = *sample(r)
		return of(a, &other, index)
	}
	f.molecules = func(r *Result) int { return len(sample(r).Molecules) }
	return f
}

// channelNames are those of the features.
func channelNames(v datasets.Vocabulary) (names []string) {
	if v.Types {
		for _, e := range v.Elements {
			names = append(names, e.String())
		}
	}
	if v.AtomicNumber {
		names = append(names, "Z")
	}
	return names
}

func finite(i bootstrap.Interval) bool { return !math.IsNaN(i.Mean) && !math.IsInf(i.High-i.Low, 0) }
