package experiment

import (
	"bytes"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const ofAlpha = `title = "Small?"
question = "Of alpha?"
preset = "tiny"
seeds = [1]
figures = ["asked_mae", "asked_r", "below_size"]
[base]
data.half = "second"
network.hidden = 8
network.layers = 1
sample.solver = "euler"
sample.eta = 0.0
[quick]
train.steps = 3
train.batch = 4
train.warmup = 0
train.checkpoint_every = 3
sample.number = 2
sample.steps = 3
[oracle]
property = "alpha"
number = 12
[oracle.quick]
hidden = 8
layers = 1
steps = 4
batch = 8
lr = 1e-3
[oracle.long]
hidden = 8
layers = 1
steps = 4
batch = 8
lr = 1e-3
[[arm]]
name = "told"
condition.property = "alpha"
[[arm]]
name = "not"
`

// Models are asked for what is held out, the bounds stand beside, the oracle is trained
// once, and all of it is the same for any number of workers.
func TestModelsAreJudged(t *testing.T) {
	f, err := Parse(ofAlpha, "small.toml")
	if err != nil {
		t.Fatal(err)
	}
	one, many := lab(t), lab(t)
	many.Workers = 3
	o := outcome(t, one, f)
	for i := range o.Arms {
		m := o.Arms[i].Results[0].Made
		if len(m.Asked) != 12 || len(m.Says) != 12 || m.NFE != 3 || m.Unit != 1 {
			t.Errorf("%s: asked %v, made %v by %d evaluations", o.Arms[i].Name, m.Asked, m.Says, m.NFE)
		}
		for k, v := range m.Asked {
			if v < 20 || v > 150 || m.Any[k] == m.Own[k] {
				t.Errorf("alpha = %v is asked for, the oracle says %v of its molecule and %v of another", v, m.Own[k], m.Any[k])
			}
		}
	}
	if a, b := o.Arms[0].Results[0].Made, o.Arms[1].Results[0].Made; !slices.Equal(a.Asked, b.Asked) || slices.Equal(a.Says, b.Says) {
		t.Errorf("arms are asked for %v and %v, and make %v and %v", a.Asked, b.Asked, a.Says, b.Says)
	}
	var b bytes.Buffer
	o.Markdown(&b)
	if err := o.CSV(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"## Beside what bounds", "The property is alpha, errors are in a0^3", "the oracle's own error", "asked for against the oracle, MAE", "small,quick,told,asked_mae", "size_error"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	other, again := outcome(t, many, f), outcome(t, one, f) // by three workers; and the oracle and the models taken up
	for k := range o.Arms {
		a := o.Arms[k].Results[0].Made
		for what, b := range map[string]*Made{"by three workers": other.Arms[k].Results[0].Made, "again": again.Arms[k].Results[0].Made} {
			if !slices.Equal(a.Says, b.Says) || !slices.Equal(a.Own, b.Own) {
				t.Errorf("arm %d %s: %v and %v, was %v and %v", k, what, b.Says, b.Own, a.Says, a.Own)
			}
		}
	}
	if kept, _ := filepath.Glob(filepath.Join(one.Dir, "oracle-*.safetensors")); len(kept) != 1 {
		t.Errorf("%d oracles are kept", len(kept))
	}
}

func TestErrorsOfWhatWasMade(t *testing.T) {
	m := Made{Unit: 1000, Asked: []float64{1, 2, 3, 4}, Says: []float64{1.5, 2.5, 3.5, 5}}
	if e := m.error(m.Says, nil); math.Abs(e-625) > 1e-9 {
		t.Errorf("mean absolute error %v, expected 625", e)
	}
	if e := m.error(m.Says, []int{3, 3}); e != 1000 {
		t.Errorf("of the last twice: %v", e)
	}
	if r := m.correlation(nil); r < 0.98 || r > 0.999 {
		t.Errorf("correlation %v", r)
	}
}

func TestOracleRefusals(t *testing.T) {
	for want, change := range map[string][2]string{
		`figures has "asked_mae", which needs oracle.property`: {`property = "alpha"` + "\nnumber", "number"},
		`oracle.number = 1, expected at least 2`:               {"number = 12", "number = 1"},
		`unknown property "U0"`:                                {`[oracle]` + "\n" + `property = "alpha"`, `[oracle]` + "\n" + `property = "U0"`},
		`oracle.quick: steps = 0`:                              {"[oracle.quick]\nhidden = 8\nlayers = 1\nsteps = 4", "[oracle.quick]\nhidden = 8\nlayers = 1\nsteps = 0"},
		`unknown key "oracle.quick.hiden"`:                     {"[oracle.quick]\nhidden", "[oracle.quick]\nhiden"},
	} {
		text := strings.Replace(ofAlpha, change[0], change[1], 1)
		if _, err := Parse(text, "x.toml"); text == ofAlpha || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}
