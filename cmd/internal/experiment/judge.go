package experiment

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	"equifm/cmd/internal/files"
	"equifm/cmd/internal/run/cputime"
	"equifm/datasets"
	"equifm/egnn/oracle"
	"equifm/egnn/trained"
	"equifm/molecule"

	"gonum.org/v1/gonum/stat"
)

// Oracle says what models of a property are judged by: a network that learns the first
// half of the training set, where they learn the second (data.half).
type Oracle struct {
	Property string        `toml:"property"` // "" for no oracle
	Number   int           `toml:"number"`   // held-out molecules whose sizes and values are asked for
	Quick    oracle.Config `toml:"quick"`
	Long     oracle.Config `toml:"long"`
}

// config returns the oracle's in a mode.
func (o Oracle) config(mode Mode) oracle.Config {
	c := o.Quick
	if mode.Data != "" {
		c = o.Long
	}
	c.Property = o.Property
	return c
}

func (o Oracle) check(f *File) error {
	if o.Property == "" {
		for _, key := range f.Figures {
			if figures[key].needs == "oracle" {
				return f.at("figures", fmt.Sprintf("figures has %q, which needs oracle.property", key))
			}
		}
		return nil
	}
	if o.Number < 2 {
		return f.at("oracle.number", fmt.Sprintf("oracle.number = %d, expected at least 2", o.Number))
	}
	for section, mode := range map[string]Mode{"quick": {}, "long": {Data: "builtin"}} {
		if err := o.config(mode).Check(); err != nil {
			return f.at("oracle."+section, fmt.Sprintf("oracle.%s: %v", section, err))
		}
	}
	return nil
}

// judge is a trained oracle, with the held-out molecules whose sizes and values models
// are asked for.
type judge struct {
	*oracle.Oracle
	asked string // what decides on its answers
	sizes []int
	made  Made // without what models make
}

// Made is what a model made when asked for the sizes and values of held-out molecules, as
// the oracle sees it, in the property's unit. Beside it stand EDM's bounds.
type Made struct {
	Unit   float64   `json:"unit"` // of errors as they are printed: so many in one of the property
	NFE    int       `json:"nfe"`
	CPU    float64   `json:"cpu_seconds"`
	Asked  []float64 `json:"asked"`
	Says   []float64 `json:"says"`    // the oracle, of what the model made
	Own    []float64 `json:"own"`     // the oracle, of the held-out molecules themselves
	BySize []float64 `json:"by_size"` // the median of the molecules of that size that the oracle has learned
	Any    []float64 `json:"any"`     // the oracle, of another held-out molecule
}

// appoint trains the oracle of an experiment, once, or takes it up; without a property
// there is none.
func (l *Lab) appoint(ctx context.Context, f *File, mode Mode) error {
	l.judge = nil
	if f.Oracle.Property == "" {
		return nil
	}
	c, err := f.configuration(0, mode)
	if err != nil {
		return err
	}
	set, _, err := l.data(c)
	if err != nil {
		return err
	}
	learn, _ := set.Halves()
	how := f.Oracle.config(mode)
	text, err := json.Marshal(how)
	if err != nil {
		return err
	}
	q, _ := datasets.QuantityOf(how.Property) // checked
	j := &judge{made: Made{Unit: q.Error(1)}, asked: fmt.Sprintf("%s %s %d", c.Data.Source, text, f.Oracle.Number)}
	path := filepath.Join(l.Dir, "oracle-"+hash(c.Data.Source+string(text))+".safetensors")
	if j.Oracle, err = oracle.Open(path); err != nil || j.Config != how {
		if j.Oracle, err = l.train(ctx, how, learn, set.Split("valid"), path); err != nil {
			return fmt.Errorf("oracle: %w", err)
		}
	}
	l.judge = j
	return j.ask(learn, set.Split("valid"), f.Oracle.Number, l.Workers)
}

// train trains an oracle and keeps it.
func (l *Lab) train(ctx context.Context, c oracle.Config, learn, valid []molecule.Molecule, path string) (*oracle.Oracle, error) {
	begin := cputime.OfProcess()
	o, err := oracle.Train(ctx, c, learn, valid, l.Workers, nil)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(l.Say, "oracle of %s: %d parameters, %d molecules learned in %d steps, %.1f s of processor time\n",
		c.Property, o.Parameters(), o.Learned, c.Steps, cputime.OfProcess()-begin)
	if err := os.MkdirAll(l.Dir, 0o777); err != nil {
		return nil, err
	}
	return o, files.Replace(path, func(w io.Writer) error { return o.Write(w) })
}

// ask chooses the molecules held out, evenly spread over all that have the property, and
// takes the bounds on them.
func (j *judge) ask(learn, valid []molecule.Molecule, number, workers int) error {
	known, values, err := j.Quantity.Known(valid)
	if err != nil {
		return err
	}
	number = min(number, len(known))
	if number < 2 {
		return fmt.Errorf("oracle: %d molecules of split \"valid\" have %s, expected at least 2", number, j.Quantity.Key)
	}
	_, learned, err := j.Quantity.Known(learn)
	if err != nil {
		return err
	}
	learn, _, _ = j.Quantity.Known(learn)
	bySize := datasets.MedianBySize(learn, learned)
	var held []molecule.Molecule
	for i := range number {
		k := i * len(known) / number
		held = append(held, known[k])
		j.sizes = append(j.sizes, known[k].Len())
		j.made.Asked = append(j.made.Asked, values[k])
		j.made.BySize = append(j.made.BySize, bySize(known[k].Len()))
	}
	if j.made.Own, err = j.Predict(held, workers); err != nil {
		return err
	}
	order := rand.New(rand.NewPCG(1, 0)).Perm(number)
	j.made.Any = make([]float64, number)
	for i, k := range order { // a cycle through all: nobody gets his own
		j.made.Any[k] = j.made.Own[order[(i+1)%number]]
	}
	return nil
}

// made asks a run's model for the sizes and values of the judge's molecules. A model
// without a property is asked for the sizes alone.
func (s *subject) made(ctx context.Context, j *judge) (Made, error) {
	return stored(s.dir, "made", fmt.Sprintf("%s %+v", j.asked, s.config.Sample), func() (m Made, err error) {
		r, err := s.train(ctx)
		if err != nil {
			return m, err
		}
		m = j.made
		var values []float64
		if r.Model.Condition != nil {
			values = m.Asked
		}
		begin := cputime.OfProcess()
		o := trained.Options{Sample: s.config.Sample, Seed: s.config.Seed, Workers: s.lab.Workers}
		molecules, stats, err := r.Model.SampleAt(ctx, o, j.sizes, values)
		if err != nil {
			return m, err
		}
		m.NFE, m.CPU = stats.NFE, cputime.OfProcess()-begin
		var plain []molecule.Molecule
		for _, one := range molecules {
			plain = append(plain, *one)
		}
		m.Says, err = j.Predict(plain, s.lab.Workers)
		return m, err
	})
}

// asked is how many molecules were asked for.
func asked(r *Result) int { return len(r.Made.Asked) }

// error is the mean absolute error of some values against what was asked for, in the
// unit that errors are printed in.
func (m *Made) error(of []float64, index []int) (mean float64) {
	a, b := pick(m.Asked, index), pick(of, index)
	return m.Unit * oracle.MAE(a, b)
}

// correlation is Pearson's, of what was asked for and what the oracle says.
func (m *Made) correlation(index []int) float64 {
	return stat.Correlation(pick(m.Asked, index), pick(m.Says, index), nil)
}

// pick returns values by their indices, or all with nil.
func pick(values []float64, index []int) (some []float64) {
	if index == nil {
		return values
	}
	for _, i := range index {
		some = append(some, values[i])
	}
	return some
}

// bounds writes what scores against an oracle are to be read beside.
func (o *Outcome) bounds(w io.Writer) {
	if o.File.Oracle.Property == "" || len(o.Arms) == 0 || o.Arms[0].Results[0].Made == nil {
		return
	}
	q, _ := datasets.QuantityOf(o.File.Oracle.Property) // checked
	first := o.Arms[0]
	first.Results = first.Results[:1]
	fmt.Fprintf(w, "## Beside what bounds\n\nThe property is %s, errors are in %s. Models learn the second half of the training set, the oracle the first; both are asked of %d molecules held out of both, "+
		"at their sizes and values. Intervals are of these molecules.\n\n", q.Key, q.ErrorUnit, len(first.Results[0].Made.Asked))
	row(w, "", "mean absolute error, "+q.ErrorUnit)
	row(w, rule(2)...)
	for _, b := range []struct{ what, key string }{
		{"the oracle's own error: no score means more", "oracle_error"},
		{"by the number of atoms alone", "size_error"},
		{"any value: the oracle of one molecule for the value of another", "any_error"},
	} {
		row(w, b.what, cell(figures[b.key], figures[b.key].values(&first).Interval()))
	}
	fmt.Fprintln(w)
}
