package trained

import (
	"io"
	"path/filepath"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/datasets"
	"equifm/egnn"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule"
	"equifm/nn"
	"equifm/nn/safetensors"
)

const twinConfig = `name = "twin"
[network]
kind = "twin"
hidden = 32
layers = 2
coords_range = 2.0
[eot]
mode = "none"
[train]
batch = 16
shard = 4
rotate = true
ema = 0.98
[sample]
solver = "euler"
steps = 3
`

// The twin, shown molecules in random poses, learns: after a few steps its held-out
// loss is clearly below that of the best prediction that never looks at the molecule.
func TestTwinLearns(t *testing.T) {
	const steps = 200
	c, err := config.Parse(twinConfig, "twin")
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	examples, held := encoded(t, c, set.Molecules[:2000]), encoded(t, c, set.Molecules[2000:2400])
	m, err := New(c, datasets.SizeHistogram(set.Molecules), flow.Moments{})
	if err != nil {
		t.Fatal(err)
	}
	learn := func(net flow.Network[float32], lr float64) *flow.Trainer[float32] {
		tr, err := flow.NewTrainer(c.Settings(m.Moments, 2), net, nn.NewAdamW(net.Params()), examples)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range tr.Run(steps, func(int) float64 { return lr }) {
			if err != nil {
				t.Fatal(err)
			}
		}
		return tr
	}
	loss := func(tr *flow.Trainer[float32]) flow.Validation {
		v, err := tr.Validate(held)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	twin := learn(m.Field, 2e-3)
	got, constant := loss(twin), loss(learn(newConstant(c.Shape().Features), 2e-2))
	t.Logf("held-out loss after %d steps: %.3f (x %.3f, h %.3f); of a constant: %.3f (x %.3f, h %.3f)",
		steps, got.Total, got.X, got.H, constant.Total, constant.X, constant.H)
	if !(got.Total < 0.9*constant.Total && got.X < 0.95*constant.X && got.H < 0.95*constant.H) {
		t.Error("expected the whole to be below 0.9 of the constant's, each part below 0.95")
	}
	m.Average = twin.Average.Data
	opensAgain(t, m)
}

// opensAgain holds a model read to the one written: its kind, its numbers, its samples.
func opensAgain(t *testing.T, m *Model) {
	t.Helper()
	path := filepath.Join(t.TempDir(), Checkpoint)
	write(t, path, func(w io.Writer) error { return m.Write(w, safetensors.F32) })
	again, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if again.Field.Kind != egnn.Twin || again.Config != m.Config || !slices.Equal(again.Average, m.Average) {
		t.Errorf("read %+v, written %+v", again.Config, m.Config)
	}
	if !slices.EqualFunc(sample(t, m, func(*Options) {}), sample(t, again, func(*Options) {}), same) {
		t.Error("the model read draws other molecules")
	}
}

func encoded(t *testing.T, c config.Config, molecules []molecule.Molecule) []flow.Example[float32] {
	t.Helper()
	examples := make([]flow.Example[float32], len(molecules))
	for i := range molecules {
		x, h, err := datasets.Encode[float32](c.Vocabulary(), &molecules[i])
		if err != nil {
			t.Fatal(err)
		}
		examples[i].State = flow.State[float32]{X: x, H: h}
	}
	return examples
}

// constant is a network that says the same of every atom, whatever it is shown. Of
// the coordinates that is nothing: a displacement has mean zero.
type constant struct {
	params nn.Params[float32]
	says   nn.Linear // of a zero: its bias (1, F)
}

func newConstant(features int) *constant {
	c := new(constant)
	c.says = nn.NewLinear(&c.params, "says", 1, features)
	return c
}

func (c *constant) Params() *nn.Params[float32] { return &c.params }

func (c *constant) Forward(t *autograd.Tape[float32], v nn.View[float32], _ []int, x, _, _ *autograd.Tensor[float32]) (qx, qh *autograd.Tensor[float32], err error) {
	still := t.Const(x.Rows, 3, make([]float32, len(x.Data)))
	return still, nn.Apply(t, v, c.says, t.Const(x.Rows, 1, make([]float32, x.Rows))), nil
}
