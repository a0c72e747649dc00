package egnn

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"equifm/autograd"
)

// golden is one case of testdata/golden/egnn.json: a small network in float64,
// its inputs, outputs, and every gradient of sum(out·probe), made by PyTorch.
type golden struct {
	Config     Config
	Sizes      []int
	T          []float64
	XH         [][][]float64 `json:"xh"` // per molecule, atoms × (3 + F)
	Out, Probe [][][]float64
	GradXH     [][][]float64 `json:"grad_xh"`
	Params     map[string]struct {
		Shape       []int
		Value, Grad []float64
	}
}

func readGolden(t *testing.T) []golden {
	data, err := os.ReadFile("../testdata/golden/egnn.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Cases []golden }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Cases) == 0 {
		t.Fatal("egnn.json holds no cases")
	}
	return file.Cases
}

// field builds the network with the golden parameters, each of which must be
// there under its name and in its shape.
func (g golden) field(t *testing.T) *Field[float64] {
	f, err := New[float64](g.Config)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.params.Blocks) != len(g.Params) {
		t.Errorf("%d blocks, PyTorch has %d", len(f.params.Blocks), len(g.Params))
	}
	for _, b := range f.params.Blocks {
		p, ok := g.Params[b.Name]
		if !ok {
			t.Fatalf("PyTorch has no parameter %q", b.Name)
		}
		if want := p.Shape[len(p.Shape)-1]; b.Cols != want || b.Len() != len(p.Value) {
			t.Fatalf("%s is (%d,%d), PyTorch's %v", b.Name, b.Rows, b.Cols, p.Shape)
		}
		copy(f.params.Slice(b), p.Value)
	}
	return f
}

// flat lays columns from … to-1 of all molecules' rows one after another.
func flat(molecules [][][]float64, from, to int) (x []float64) {
	for _, m := range molecules {
		for _, row := range m {
			x = append(x, row[from:to]...)
		}
	}
	return x
}

const goldenTolerance = 1e-9 // relative to the largest number of the block compared

// The network and all its gradients are PyTorch's, by both ways to evaluate it.
func TestGolden(t *testing.T) {
	for i, g := range readGolden(t) {
		for _, reference := range []bool{true, false} {
			t.Run(fmt.Sprintf("case=%d/reference=%v", i, reference), func(t *testing.T) {
				f := g.field(t)
				f.Reference = reference
				g.check(t, f)
			})
		}
	}
}

func (g golden) check(t *testing.T, f *Field[float64]) {
	atoms, width := 0, 3+g.Config.Features
	var times []float64
	for m, n := range g.Sizes {
		atoms += n
		for range n {
			times = append(times, g.T[m])
		}
	}
	x := autograd.Var(atoms, 3, flat(g.XH, 0, 3))
	h := autograd.Var(atoms, f.Features, flat(g.XH, 3, width))
	grad := make([]float64, len(f.params.Data))
	tape := autograd.NewTape[float64]()
	qx, qh, err := f.Forward(tape, f.params.Bind(grad), g.Sizes, x, h, autograd.Const(atoms, 1, times))
	if err != nil {
		t.Fatal(err)
	}
	if x, h := fmt.Sprintf("(%d,3)", atoms), fmt.Sprintf("(%d,%d)", atoms, f.Features); qx.String() != x || qh.String() != h {
		t.Fatalf("the output is %v and %v, want %s and %s", qx, qh, x, h)
	}
	near(t, "out x", qx.Data, flat(g.Out, 0, 3))
	near(t, "out h", qh.Data, flat(g.Out, 3, width))

	probe := func(y *autograd.Tensor[float64], from, to int) *autograd.Tensor[float64] {
		return autograd.Sum(tape, autograd.Mul(tape, y, autograd.Const(y.Rows, y.Cols, flat(g.Probe, from, to))))
	}
	tape.Backward(autograd.Add(tape, probe(qx, 0, 3), probe(qh, 3, width)))
	near(t, "gradient of x", x.Grad, flat(g.GradXH, 0, 3))
	near(t, "gradient of h", h.Grad, flat(g.GradXH, 3, width))
	for _, b := range f.params.Blocks {
		near(t, "gradient of "+b.Name, grad[b.Offset:b.Offset+b.Len()], g.Params[b.Name].Grad)
	}
}

func near(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	scale := 0.0
	for _, v := range want {
		scale = max(scale, math.Abs(v))
	}
	for i := range want {
		if e := math.Abs(got[i] - want[i]); !(e <= goldenTolerance*scale) {
			t.Errorf("%s[%d] = %v, want %v", what, i, got[i], want[i])
			return
		}
	}
}
