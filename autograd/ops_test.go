package autograd_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"equifm/autograd"
	"equifm/autograd/gradcheck"
)

type (
	tape   = gradcheck.Tape
	tensor = gradcheck.Tensor
)

var rng = rand.New(rand.NewPCG(7, 7))

func random(rows, cols int) *tensor { return gradcheck.Random(rng, rows, cols) }

// Indices and block sizes are made once, for ops keep them and must not allocate.
var (
	pick   = []int32{2, 0, 2, 1, 2}
	blocks = []int{1, 4, 2}
)

// positive is away from the pole of a division or a root at 0.
func positive(rows, cols int) *tensor {
	x := random(rows, cols)
	for i, v := range x.Data {
		x.Data[i] = 0.5 + v*v
	}
	return x
}

// offZero is away from the kink of an op at 0.
func offZero(rows, cols int) *tensor {
	x := random(rows, cols)
	for i, v := range x.Data {
		x.Data[i] = v + math.Copysign(0.1, v)
	}
	return x
}

// ops has one entry for every op struct of the package: TestEveryOpHasAnEntry.
var ops = map[string]struct {
	f   gradcheck.Func
	in  []*tensor
	out string // its shape
}{
	"linearOp": {func(t *tape, in []*tensor) *tensor { return autograd.Linear(t, in[0], in[1], in[2]) },
		[]*tensor{random(5, 3), random(4, 3), random(1, 4)}, "(5,4)"},
	"matMulOp": {func(t *tape, in []*tensor) *tensor { return autograd.MatMul(t, in[0], in[1]) },
		[]*tensor{random(5, 3), random(3, 4)}, "(5,4)"},
	"addOp": {func(t *tape, in []*tensor) *tensor { return autograd.AddScaled(t, in[0], -0.7, in[1]) },
		[]*tensor{random(3, 4), random(3, 4)}, "(3,4)"},
	"mulOp": {func(t *tape, in []*tensor) *tensor { return autograd.Mul(t, in[0], in[1]) },
		[]*tensor{random(3, 4), random(3, 4)}, "(3,4)"},
	"affineOp": {func(t *tape, in []*tensor) *tensor { return autograd.Affine(t, 1.7, in[0], 0.3) },
		[]*tensor{random(3, 4)}, "(3,4)"},
	"mulColOp": {func(t *tape, in []*tensor) *tensor { return autograd.MulCol(t, in[0], in[1]) },
		[]*tensor{random(5, 3), random(5, 1)}, "(5,3)"},
	"divColOp": {func(t *tape, in []*tensor) *tensor { return autograd.DivCol(t, in[0], in[1]) },
		[]*tensor{random(5, 3), positive(5, 1)}, "(5,3)"},
	"concatOp": {func(t *tape, in []*tensor) *tensor { return autograd.Concat(t, in[0], in[1]) },
		[]*tensor{random(4, 2), random(4, 3)}, "(4,5)"},
	"columnsOp": {func(t *tape, in []*tensor) *tensor { return autograd.Columns(t, in[0], 1, 5) },
		[]*tensor{random(3, 6)}, "(3,4)"},
	"gatherOp": {func(t *tape, in []*tensor) *tensor { return autograd.Gather(t, in[0], pick) },
		[]*tensor{random(4, 3)}, "(5,3)"},
	"segmentSumOp": {func(t *tape, in []*tensor) *tensor { return autograd.SegmentSum(t, in[0], pick, 4) },
		[]*tensor{random(5, 3)}, "(4,3)"},
	"centerOp": {func(t *tape, in []*tensor) *tensor { return autograd.Center(t, in[0], blocks) },
		[]*tensor{random(7, 3)}, "(7,3)"},
	"siluOp":       {unary(autograd.SiLU), []*tensor{random(3, 4)}, "(3,4)"},
	"sigmoidOp":    {unary(autograd.Sigmoid), []*tensor{random(3, 4)}, "(3,4)"},
	"tanhOp":       {unary(autograd.Tanh), []*tensor{random(3, 4)}, "(3,4)"},
	"squareOp":     {unary(autograd.Square), []*tensor{random(3, 4)}, "(3,4)"},
	"rowSumOp":     {unary(autograd.RowSum), []*tensor{random(3, 4)}, "(3,1)"},
	"sumOp":        {unary(autograd.Sum), []*tensor{random(3, 4)}, "(1,1)"},
	"expOp":        {unary(autograd.Exp), []*tensor{random(3, 4)}, "(3,4)"},
	"logOp":        {unary(autograd.Log), []*tensor{positive(3, 4)}, "(3,4)"},
	"reluOp":       {unary(autograd.ReLU), []*tensor{offZero(3, 4)}, "(3,4)"},
	"geluOp":       {unary(autograd.GELU), []*tensor{random(3, 4)}, "(3,4)"},
	"rowMeanOp":    {unary(autograd.RowMean), []*tensor{random(3, 4)}, "(3,1)"},
	"softmaxOp":    {unary(autograd.Softmax), []*tensor{random(3, 4)}, "(3,4)"},
	"logSoftmaxOp": {unary(autograd.LogSoftmax), []*tensor{random(3, 4)}, "(3,4)"},
	"layerNormOp": {func(t *tape, in []*tensor) *tensor { return autograd.LayerNorm(t, in[0], in[1], in[2], 1e-5) },
		[]*tensor{random(5, 4), random(1, 4), random(1, 4)}, "(5,4)"},
	"batchMatMulOp": {func(t *tape, in []*tensor) *tensor { return autograd.BatchMatMul(t, 2, in[0], in[1]) },
		[]*tensor{random(2*5, 3), random(2*3, 4)}, "(10,4)"},
	"batchMatMulTOp": {func(t *tape, in []*tensor) *tensor { return autograd.BatchMatMulT(t, 2, in[0], in[1]) },
		[]*tensor{random(2*5, 3), random(2*4, 3)}, "(10,4)"},
	"sqrtOp": {func(t *tape, in []*tensor) *tensor { return autograd.Sqrt(t, in[0], 1e-8) },
		[]*tensor{positive(3, 4)}, "(3,4)"},
}

func unary(f func(*tape, *tensor) *tensor) gradcheck.Func {
	return func(t *tape, in []*tensor) *tensor { return f(t, in[0]) }
}

// The op structs are read from the source, so that a new op without an entry
// fails here, and an entry must record the op that it is filed under.
func TestEveryOpHasAnEntry(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Recv == nil || f.Name.Name != "Backward" {
				continue
			}
			receiver := f.Recv.List[0].Type.(*ast.StarExpr).X.(*ast.IndexExpr).X.(*ast.Ident).Name
			if receiver == "Tape" {
				continue
			}
			found++
			entry, ok := ops[receiver]
			if !ok {
				t.Errorf("%s has a Backward and no entry in the table of ops", receiver)
				continue
			}
			recorded := autograd.NewTape[float64]()
			entry.f(recorded, entry.in)
			if got := reflect.TypeOf(recorded.Ops()[0]).String(); !strings.HasPrefix(got, "*autograd."+receiver+"[") {
				t.Errorf("the entry of %s records %s", receiver, got)
			}
		}
	}
	if found != len(ops) {
		t.Errorf("%d ops in the source, %d in the table", found, len(ops))
	}
}

// A cotangent is a list of numbers, so a gradient may be right of an output that has them
// in another shape.
func TestShapes(t *testing.T) {
	for name, op := range ops {
		if y := op.f(autograd.NewTape[float64](), op.in); y.String() != op.out || len(y.Data) != y.Rows*y.Cols || len(y.Grad) != len(y.Data) {
			t.Errorf("%s: %v of %d numbers and %d gradients, want %s", name, y, len(y.Data), len(y.Grad), op.out)
		}
	}
}

func TestGradients(t *testing.T) {
	for name, op := range ops {
		t.Run(name, func(t *testing.T) { gradcheck.Check(t, op.f, op.in...) })
	}
}

// A tensor used by two ops gets the sum of both gradients: exactly twice, here.
func TestGradientsAccumulate(t *testing.T) {
	for name, op := range ops {
		once, twice := gradients(op.f, op.in, 1), gradients(op.f, op.in, 2)
		for k := range once {
			for i, g := range once[k] {
				if math.Abs(twice[k][i]-2*g) > 1e-12*(1+math.Abs(g)) {
					t.Errorf("%s: input %d, element %d: %v used once, %v used twice", name, k, i, g, twice[k][i])
				}
			}
		}
	}
}

// gradients runs f so many times on one tape and returns the inputs' gradients
// of the sum of all the outputs, each weighted by its position.
func gradients(f gradcheck.Func, in []*tensor, times int) [][]float64 {
	tape := autograd.NewTape[float64]()
	for _, x := range in {
		clear(x.Grad)
	}
	var total *tensor
	for range times {
		y := f(tape, in)
		weights := make([]float64, len(y.Data))
		for i := range weights {
			weights[i] = math.Sin(float64(i) + 1)
		}
		s := autograd.Sum(tape, autograd.Mul(tape, y, autograd.Const(y.Rows, y.Cols, weights)))
		if total == nil {
			total = s
		} else {
			total = autograd.Add(tape, total, s)
		}
	}
	tape.Backward(total)
	var grads [][]float64
	for _, x := range in {
		grads = append(grads, slices.Clone(x.Grad))
	}
	return grads
}

// An op leaves the data of its inputs as it was, bit for bit, forward and back.
func TestInputsUnchanged(t *testing.T) {
	for name, op := range ops {
		var before [][]float64
		for _, x := range op.in {
			before = append(before, slices.Clone(x.Data))
		}
		gradients(op.f, op.in, 1)
		for k, x := range op.in {
			if !slices.Equal(before[k], x.Data) {
				t.Errorf("%s changes input %d", name, k)
			}
		}
	}
}

// A NaN or an Inf in any element of any input that the output depends on shows
// there, and a NaN in the output's gradient shows in the gradients. Only a NaN has
// to pass through what squashes: σ(+Inf) is 1.
func TestNotFiniteGoesThrough(t *testing.T) {
	bad := func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }
	for name, op := range ops {
		used := gradients(op.f, op.in, 1)
		for k, x := range op.in {
			squashed := name == "sigmoidOp" || name == "tanhOp" || name == "divColOp" && k == 1
			for at, keep := range x.Data {
				for _, v := range []float64{math.NaN(), math.Inf(1)} {
					if used[k][at] == 0 || squashed && math.IsInf(v, 1) {
						continue
					}
					x.Data[at] = v
					y := op.f(autograd.NewTape[float64](), op.in)
					x.Data[at] = keep
					if !slices.ContainsFunc(y.Data, bad) {
						t.Errorf("%s: %v in element %d of input %d is lost", name, v, at, k)
					}
				}
			}
			if !backwardCarriesNaN(op.f, op.in, x) {
				t.Errorf("%s: a NaN in the gradient does not reach input %d", name, k)
			}
		}
	}
}

func backwardCarriesNaN(f gradcheck.Func, in []*tensor, x *tensor) bool {
	tape := autograd.NewTape[float64]()
	for _, x := range in {
		clear(x.Grad)
	}
	y := f(tape, in)
	nan := make([]float64, len(y.Data))
	for i := range nan {
		nan[i] = math.NaN()
	}
	tape.BackwardFrom(y, nan)
	return slices.ContainsFunc(x.Grad, math.IsNaN)
}

// Constants alone leave no trace on the tape.
func TestConstantsAreNotRecorded(t *testing.T) {
	for name, op := range ops {
		var in []*tensor
		for _, x := range op.in {
			in = append(in, autograd.Const(x.Rows, x.Cols, x.Data))
		}
		tape := autograd.NewTape[float64]()
		if y := op.f(tape, in); tape.Len() != 0 || y.Grad != nil {
			t.Errorf("%s: records %d ops on constants", name, tape.Len())
		}
	}
}

// After the first pass, forward and backward of any op allocate nothing.
func TestSteadyStateAllocatesNothing(t *testing.T) {
	tape := autograd.NewTape[float64]()
	for name, op := range ops {
		allocs := testing.AllocsPerRun(10, func() {
			tape.Reset()
			y := op.f(tape, op.in)
			tape.BackwardFrom(y, y.Data)
		})
		if allocs != 0 {
			t.Errorf("%s: %v allocations a run", name, allocs)
		}
	}
}
