package trained

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"equifm/datasets"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule"
	"equifm/nn/safetensors"
)

// conditioned returns a model of alpha that has learned nothing, but knows the values of
// the built-in sample.
func conditioned(t *testing.T, more string) *Model {
	t.Helper()
	c, err := config.Parse("name = \"c\"\n[condition]\nproperty = \"alpha\"\n"+more+"[network]\nhidden = 8\nlayers = 1\n[sample]\nsolver = \"euler\"\nsteps = 3\n", "c")
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	q, _ := c.Condition.Quantity()
	known, values, err := q.Known(set.Split("train"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(c, datasets.SizeHistogram(known), flow.Moments{})
	if err != nil {
		t.Fatal(err)
	}
	if m.Condition, err = NewCondition(q, known, values, nil); err != nil {
		t.Fatal(err)
	}
	p := m.Field.Params().Data
	for i := range p { // untrained, it would hardly look at its context
		p[i] *= 3
	}
	return m
}

// What is written of a property is read, and samples are the same to the bit; they say
// what was asked, depend on it, and have sizes that go with it.
func TestConditionedSamples(t *testing.T) {
	m := conditioned(t, "drop = 0.2\n")
	var file bytes.Buffer
	if err := m.Write(&file, safetensors.F32); err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.NewFile("c", bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	back, err := Read(f, "c")
	if err != nil {
		t.Fatal(err)
	}
	drawn := sample(t, m, func(o *Options) { o.Workers = 1 })
	if again := sample(t, back, func(o *Options) { o.Workers = 3 }); !slices.EqualFunc(drawn, again, same) {
		t.Error("the model read draws other molecules")
	}
	asked := func(value float64, guidance float64) func(o *Options) {
		return func(o *Options) {
			o.Values, o.Guidance = slices.Repeat([]float64{value}, o.Number), guidance
		}
	}
	large, guided := sample(t, m, asked(90, 0)), sample(t, m, asked(90, 2))
	small := sample(t, m, asked(45, 0))
	for i := range large {
		text, _ := large[i].Property("asked_alpha")
		if v, err := strconv.ParseFloat(text, 64); err != nil || v != 90 {
			t.Errorf("molecule %d was asked for %q, error %v", i, text, err)
		}
		if large[i].Len() <= small[i].Len() || same(large[i], guided[i]) {
			t.Errorf("molecule %d: %d atoms for alpha = 90, %d for 45; guided the same: %t", i, large[i].Len(), small[i].Len(), same(large[i], guided[i]))
		}
		text, ok := drawn[i].Property("asked_alpha")
		if v, err := strconv.ParseFloat(text, 64); !ok || err != nil || v < 6 || v > 200 {
			t.Errorf("molecule %d was asked for %q of the training set's", i, text)
		}
	}
	atoms := func(o *Options) { o.Atoms = 9 }
	a := sample(t, m, func(o *Options) { asked(60, 0)(o); atoms(o) })
	b := sample(t, m, func(o *Options) { asked(61, 0)(o); atoms(o) })
	if a[0].Len() != 9 || same(a[0], b[0]) {
		t.Errorf("%d atoms; whatever is asked for, the molecule is the same: %t", a[0].Len(), same(a[0], b[0]))
	}
}

// (value - mean)/MAD, and a 1 where zeros say that nothing is told.
func TestContext(t *testing.T) {
	m := conditioned(t, "")
	m.Condition.Stats = datasets.Stats{Mean: 70, MAD: 4}
	if got := m.Context(2, []float64{72, 66}); !slices.Equal(got, []float32{0.5, -1}) {
		t.Errorf("context %v", got)
	}
	m.Config.Condition.Drop = 0.5
	if got := m.Context(2, []float64{72, 66}); !slices.Equal(got, []float32{0.5, 1, -1, 1}) {
		t.Errorf("context with drop %v", got)
	}
	if note := m.Outside([]float64{75, 300}); !strings.Contains(note, "alpha = 300 a0^3 is outside of what the model has learned") {
		t.Errorf("note %q", note)
	}
	if note := m.Outside([]float64{75}); note != "" {
		t.Errorf("note %q", note)
	}
}

// What does not go together is an error that says so.
func TestConditionRefusals(t *testing.T) {
	plain, err := Open(version1)
	if err != nil {
		t.Fatal(err)
	}
	m := conditioned(t, "")
	without := conditioned(t, "")
	without.Condition = nil
	for want, c := range map[string]struct {
		m      *Model
		change func(o *Options)
	}{
		"has learned no property":                   {plain, func(o *Options) { o.Values = make([]float64, o.Number) }},
		"3 values of alpha for 5 molecules":         {m, func(o *Options) { o.Values = make([]float64, 3) }},
		"alpha = NaN":                               {m, func(o *Options) { o.Values = slices.Repeat([]float64{math.NaN()}, o.Number) }},
		"sample.guidance: 1 needs a model":          {m, func(o *Options) { o.Guidance = 1 }},
		`a model of condition.property = "alpha", `: {without, func(o *Options) {}},
	} {
		o := c.m.Options()
		o.Number, o.Steps = 5, 2
		c.change(&o)
		if _, _, err := c.m.Sample(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	q, _ := datasets.QuantityOf("mu")
	alike := make([]molecule.Molecule, 2)
	for i := range alike {
		alike[i].Elements = make([]molecule.Element, 3)
		alike[i].SetProperty("mu", "1.5")
	}
	known, values, err := q.Known(alike)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewCondition(q, known, values, nil); err == nil || !strings.Contains(err.Error(), "one that differs between molecules") {
		t.Errorf("of equal values: error %v", err)
	}
}
