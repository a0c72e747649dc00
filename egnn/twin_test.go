package egnn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// astray is by how much the prediction for turned molecules is not the prediction
// turned: the root mean square of the error over that of the prediction.
func astray(t *testing.T, f *Field[float64], in input[float64], q *mat.Dense) (x, h float64) {
	qx, qh := evaluate(t, f, in)
	gx, gh := evaluate(t, f, moved(in, q, nil))
	turned := make([]float64, 0, len(qx))
	for a := range in.x.Rows {
		turned = append(turned, turn(q, qx[3*a:3*a+3])...)
	}
	return relative(gx, turned), relative(gh, qh)
}

func relative(got, want []float64) float64 {
	var e, size float64
	for i, w := range want {
		e, size = e+(got[i]-w)*(got[i]-w), size+w*w
	}
	return math.Sqrt(e / size)
}

// The twin fails where EGNN obeys, its displacement by more than a quarter of its size: the
// laws of symmetry are EGNN's doing, and neither the molecules' nor of what the two share.
func TestTwinIsNotEquivariant(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 9))
	for name, q := range map[string]*mat.Dense{"rotation": orthogonal(rng, 1), "reflection": orthogonal(rng, -1)} {
		for i, c := range variants() {
			in := randomInput[float64](c, mixed, 4)
			if x, h := astray(t, strong[float64](c, 3), in, q); x > lawTolerance || h > lawTolerance {
				t.Errorf("%s, variant %d: EGNN errs by %.1e and %.1e", name, i, x, h)
			}
			c.Kind = Twin
			x, h := astray(t, strong[float64](c, 3), in, q)
			t.Logf("%s, variant %d: the twin's q_x errs by %.2f of its size, its q_h by %.2f", name, i, x, h)
			if !(x > 0.25 && h > 0.01) {
				t.Errorf("%s, variant %d: expected the twin to err by more than 0.25 and 0.01", name, i)
			}
		}
	}
}

// At any shape the twin costs what EGNN costs, within 5%, and has as many parameters.
func TestTwinCostsTheSame(t *testing.T) {
	const atoms, pairs = 18, 18 * 17
	wide, tiny, small := QM9(), QM9(), QM9()
	tiny.Hidden, tiny.Edge, tiny.Layers = 128, 32, 6
	small.Hidden, small.Edge, small.Layers = 192, 32, 12
	for _, c := range []Config{wide, tiny, small} {
		twin := c
		twin.Kind = Twin
		flops := twin.FLOPs(atoms, pairs) / c.FLOPs(atoms, pairs)
		parameters := float64(twin.Parameters()) / float64(c.Parameters())
		t.Logf("hidden %d, edge %d, %d layers: %.4f times the arithmetic, %.4f times the parameters", c.Hidden, c.edge(), c.Layers, flops, parameters)
		if math.Abs(flops-1) > 0.05 || math.Abs(parameters-1) > 0.05 {
			t.Error("expected both within 5%")
		}
	}
}

// Whatever the twin is shown, its displacement keeps the centre where it is, and
// a tanh bounds what a block adds.
func TestTwinKeepsTheCentre(t *testing.T) {
	for i, c := range twins() {
		f, in := strong[float64](c, 3), randomInput[float64](c, mixed, 4)
		in = moved(in, orthogonal(rand.New(rand.NewPCG(2, 9)), 1), []float64{30, -20, 10})
		qx, _ := evaluate(t, f, in)
		first := 0
		for _, n := range mixed {
			var mean [3]float64
			for k, v := range qx[3*first : 3*(first+n)] {
				mean[k%3] += v / float64(n)
			}
			compare(t, "mean displacement", mean[:], []float64{0, 0, 0})
			first += n
		}
		bound := 2 * c.CoordsRange * float64(c.Layers) // the mean removed is within half of it
		if most := max(slices.Max(qx), -slices.Min(qx)); c.Tanh && most > bound {
			t.Errorf("variant %d: a displacement of %v Å, expected at most %v", i, most, bound)
		}
	}
}

// A kind is read by its name, and written; EGNN is what a network is without one.
func TestKindNames(t *testing.T) {
	if (Config{}).Kind != EGNN {
		t.Error("the zero kind is not EGNN")
	}
	for _, k := range []Kind{EGNN, Twin} {
		text, err := k.MarshalText()
		var again Kind
		if err != nil || again.UnmarshalText(text) != nil || again != k || k.String() != string(text) {
			t.Errorf("%v is written %q, error %v, and read as %v", k, text, err, again)
		}
	}
	c, k := QM9(), Twin
	c.Kind = 2
	if err := k.UnmarshalText([]byte("plain")); err == nil || k != Twin {
		t.Errorf("error %v, kind %v", err, k)
	}
	if _, err := New[float32](c); err == nil {
		t.Error("a network of no kind")
	}
	if _, err := Kind(-1).MarshalText(); err == nil {
		t.Error("a kind without a name is written")
	}
}
