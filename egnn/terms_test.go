package egnn

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"equifm/autograd"
	"equifm/nn"
)

// The symmetries of laws_test.go hold of a network that has lost a term, too. What
// notices a lost term is
//
//   - here, every term of a layer going forward, reference and fused;
//   - TestGolden (PyTorch's numbers), all of the network, but for what none of its three
//     configurations has: edges of another width than atoms, a norm beside a gate;
//   - TestFusedEqualsReference and TestGradients (finite differences), every term going
//     backward, by way of all parameters, positions, features and time;
//   - TestKeptEqualsComputedAgain and TestAnyInputsMayBeConstant, what is done only for
//     wide edges, or only for an input that varies.

// formula is a layer as doc.go's papers write it, atom by atom, which can be told to leave
// a term out.
type formula struct {
	f       *Field[float64]
	l       layer
	without string
	terms   map[string]bool // those met so far
}

// term is 1, or 0 for the term to leave out.
func (b *formula) term(name string) float64 {
	b.terms[name] = true
	if b.without == name {
		return 0
	}
	return 1
}

// linear returns W·x + b.
func (b *formula) linear(name string, l nn.Linear, x []float64) []float64 {
	w := b.f.params.Slice(l.W)
	y := make([]float64, l.W.Rows)
	for i := range y {
		for k, v := range x {
			y[i] += w[i*len(x)+k] * v
		}
		if l.B.Len() > 0 {
			y[i] += b.term(name+" bias") * b.f.params.Slice(l.B)[i]
		}
	}
	return y
}

func silus(x []float64) []float64 {
	for i, v := range x {
		x[i] = v / (1 + math.Exp(-v))
	}
	return x
}

func times(s float64, x []float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = s * v
	}
	return y
}

// edge returns SiLU(L(SiLU(L[h_i, h_j, d², d0²]))).
func (b *formula) edge(name string, m nn.MLP, hi, hj []float64, d2, d02 float64) []float64 {
	in := slices.Concat(times(b.term(name+" h_i"), hi), times(b.term(name+" h_j"), hj),
		[]float64{b.term(name+" d²") * d2, b.term(name+" d0²") * d02})
	return silus(b.linear(name+" second", m.Last, silus(b.linear(name+" first", m.First, in))))
}

// apart returns x_i - x_j and its square.
func (b *formula) apart(x [][]float64, i, j int) (diff []float64, square float64) {
	for c := range 3 {
		diff = append(diff, b.term("x_i")*x[i][c]-b.term("x_j")*x[j][c])
		square += diff[c] * diff[c]
	}
	return diff, square
}

// layer returns h and x after the layer.
func (b *formula) layer(h, x, x0 [][]float64) (hNew, xNew [][]float64) {
	for i := range h {
		agg := make([]float64, b.l.edge.Last.W.Rows)
		for j := range h {
			if i == j {
				continue
			}
			_, d2 := b.apart(x, i, j)
			_, d02 := b.apart(x0, i, j)
			m := b.edge("message", b.l.edge, h[i], h[j], d2, d02)
			gate := 1 / (1 + math.Exp(-b.linear("gate", b.l.att, m)[0]))
			for k, v := range m {
				agg[k] += (1 + b.term("gate")*(gate-1)) * v / (1 + b.term("norm of messages")*(b.f.NormFactor-1))
			}
		}
		in := slices.Concat(times(b.term("node h"), h[i]), times(b.term("node messages"), agg))
		update := b.linear("node second", b.l.node.Last, silus(b.linear("node first", b.l.node.First, in)))
		for k, v := range h[i] {
			update[k] += b.term("node residual") * v
		}
		hNew = append(hNew, update)
	}
	for i := range x {
		xi := times(b.term("coordinate residual"), x[i])
		for j := range x {
			if i == j {
				continue
			}
			diff, d2 := b.apart(x, i, j)
			_, d02 := b.apart(x0, i, j)
			s := b.linear("head", b.l.coordOut, b.edge("coordinate", b.l.coord, hNew[i], hNew[j], d2, d02))[0]
			s += b.term("tanh") * (math.Tanh(s) - s)
			s *= 1 + b.term("range")*(b.f.CoordsRange-1)
			length := b.term("distance")*math.Sqrt(d2+distanceEps) + b.term("norm constant")*b.f.NormConstant
			for c := range 3 {
				xi[c] += diff[c] / length * s / (1 + b.term("norm of coordinates")*(b.f.NormFactor-1))
			}
		}
		xNew = append(xNew, xi)
	}
	return hNew, xNew
}

// A layer, reference or fused, is the formula, and would not be without any one of its
// terms: that changes the numbers by a thousandth and more.
func TestEveryTermOfALayerCounts(t *testing.T) {
	const atoms = 4
	f := strong[float64](Config{Features: 4, Hidden: 7, Edge: 5, Layers: 1, Attention: true, Tanh: true,
		CoordsRange: 2, NormConstant: 1, NormFactor: 2.5}, 3)
	for i := range f.params.Slice(f.layers[0].coordOut.W) {
		f.params.Slice(f.layers[0].coordOut.W)[i] *= 10 // until the tanh bends
	}
	rng := rand.New(rand.NewPCG(7, 8))
	rows := func(cols int) (x [][]float64) {
		for range atoms {
			row := make([]float64, cols)
			for k := range row {
				row[k] = rng.NormFloat64()
			}
			x = append(x, row)
		}
		return x
	}
	h, x, x0 := rows(7), rows(3), rows(3)
	without := func(term string) (numbers []float64, terms map[string]bool) {
		b := &formula{f, f.layers[0], term, make(map[string]bool)}
		hNew, xNew := b.layer(h, x, x0)
		return slices.Concat(slices.Concat(hNew...), slices.Concat(xNew...)), b.terms
	}
	want, terms := without("")
	tensor := func(x [][]float64) *autograd.Tensor[float64] {
		return autograd.Const(atoms, len(x[0]), slices.Concat(x...))
	}
	tape, v, l := autograd.NewTape[float64](), f.params.Bind(nil), f.layers[0]
	hFused, xFused := f.layersFused(tape, v, []layer{l}, newWorkspace(tape, []int{atoms}, f.Config, 0, tensor(x0), false), tensor(h), tensor(x), tensor(x0))
	hPlain, xPlain := f.layerReference(tape, v, l, newPairs(tape, []int{atoms}), tensor(h), tensor(x), tensor(x0))
	fused, plain := slices.Concat(hFused.Data, xFused.Data), slices.Concat(hPlain.Data, xPlain.Data)
	if e := max(worst([][]float64{fused}, [][]float64{want}), worst([][]float64{plain}, [][]float64{want})); !(e <= 1e-12) {
		t.Errorf("fused or reference differ by %.1e from the formula", e)
	}
	for _, term := range slices.Sorted(maps.Keys(terms)) {
		less, _ := without(term)
		if e := worst([][]float64{less}, [][]float64{want}); !(e > 1e-3) {
			t.Errorf("without its term %q a layer differs by %.1e", term, e)
		}
	}
	if len(terms) != 28 {
		t.Errorf("the formula has %d terms: %v", len(terms), slices.Sorted(maps.Keys(terms)))
	}
}
