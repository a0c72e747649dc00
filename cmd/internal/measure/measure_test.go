package measure

import (
	"context"
	"math"
	"testing"

	"equifm/cmd/internal/run/cputime"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/eot"
	"equifm/flow"
	"equifm/molecule"
	"equifm/molecule/metrics"
)

// hydrogen is molecules of two atoms, with these bonds in Å.
func hydrogen(lengths ...float64) (molecules []molecule.Molecule) {
	for _, d := range lengths {
		molecules = append(molecules, molecule.Molecule{Elements: []molecule.Element{molecule.H, molecule.H}, Pos: [][3]float64{{}, {0, 0, d}}})
	}
	return molecules
}

// judged judges molecules as a sample.
func judged(molecules []molecule.Molecule) *Quality {
	var pointers []*molecule.Molecule
	for i := range molecules {
		pointers = append(pointers, &molecules[i])
	}
	return &Quality{Molecules: Judge(pointers, config.Default(), 2)}
}

// Bonds of 0.70 and 0.80 Å against 0.72 and 0.74: moved by 0.02 and 0.06, which is 0.04
// in the mean. Of the first alone, against both: 0.02 and 0.04, 0.03 in the mean.
func TestBondW1ByHand(t *testing.T) {
	c := config.Default()
	c.Data.Split = ""
	reference := NewReference(hydrogen(0.7205, 0.7405), c)
	q := judged(hydrogen(0.7005, 0.8005))
	for _, c := range []struct {
		index []int
		want  float64
	}{{nil, 0.04}, {[]int{0, 1}, 0.04}, {[]int{0, 0}, 0.03}, {[]int{1}, 0.07}} {
		if got := q.BondW1(reference, c.index); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("molecules %v: %v, want %v", c.index, got, c.want)
		}
	}
	if got := judged(hydrogen(3)).BondW1(reference, nil); !math.IsNaN(got) {
		t.Errorf("without a bond %v", got)
	}
	if k := q.Share(nil, func(s *Seen) (int, int) { return s.StableAtoms, s.Atoms }); k != 100 {
		t.Errorf("%v%% of the atoms are stable", k)
	}
}

// Of real molecules both distances are those that metrics has of the whole sets.
func TestDistancesAreThoseOfMetrics(t *testing.T) {
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	set = &datasets.Set{Molecules: set.Molecules[:300]}
	c.Data.Split = ""
	some := set.Molecules[:40]
	of, all := metrics.NewShapes(), metrics.NewShapes()
	for i := range set.Molecules {
		m := &set.Molecules[i]
		all.Add(m, c.Bonds().Perceive(m))
		if i < len(some) {
			of.Add(m, c.Bonds().Perceive(m))
		}
	}
	want, q, r := of.Compare(all), judged(some), NewReference(set.Molecules, c)
	if got := q.BondW1(r, nil); math.Abs(got-*want.Lengths.Mean) > 1e-12 {
		t.Errorf("bonds %v, want %v", got, *want.Lengths.Mean)
	}
	if got := q.AngleW1(r, nil); math.Abs(got-*want.Angles.Mean) > 1e-12 {
		t.Errorf("angles %v, want %v", got, *want.Angles.Mean)
	}
}

// A straight way at a constant speed has no bend; one that stands for half of the
// time and then goes twice as fast has that of (v - chord)² = chord² throughout.
func TestBendByHand(t *testing.T) {
	times := []float64{1, 0.5, 0}
	bent, moved := bend([][]float32{{2, 0, 0}, {1, 0, 0}, {0, 0, 0}}, times, 0, 3)
	if bent != 0 || moved != 4 {
		t.Errorf("straight: bent %v, moved %v", bent, moved)
	}
	bent, moved = bend([][]float32{{2, 0, 0}, {2, 0, 0}, {0, 0, 0}}, times, 0, 3)
	if bent != 4 || moved != 4 {
		t.Errorf("late: bent %v, moved %v", bent, moved)
	}
}

// Each transport leaves no more than a weaker one; without one what is left is
// |z|² + |x|² in the mean.
func TestAlign(t *testing.T) {
	molecules := Balls(12, 40)
	cost := func(o eot.Options) float64 {
		v, err := Align(o, molecules, 1, cputime.OfProcess)
		if err != nil || len(v.Cost) != len(molecules) || !(v.Seconds > 0) {
			t.Fatalf("%+v (%v)", v, err)
		}
		var sum float64
		for _, c := range v.Cost {
			sum += c / float64(len(molecules))
		}
		return sum
	}
	var want float64
	for _, x := range molecules {
		for _, v := range x {
			want += v * v / 12 / float64(len(molecules))
		}
	}
	want += 3 * 11. / 12 // the noise's centre is taken out
	none, permuted, both := cost(eot.Options{}), cost(eot.Options{Mode: eot.Permutation}), cost(eot.Options{Mode: eot.Both})
	if math.Abs(none-want) > 0.1*want || !(both < permuted && permuted < none) {
		t.Errorf("none %v, want about %v; permuted %v, both %v", none, want, permuted, both)
	}
}

// From the true state near the data, elements come out right even of a model that has
// learned nothing; from noise they do not. The end point at t near 0 has the data's
// features.
func TestTruth(t *testing.T) {
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.Network.Hidden, c.Network.Layers, c.EOT.Mode = 8, 1, eot.None
	m, err := trained.New(c, datasets.SizeHistogram(set.Molecules), flow.Moments{})
	if err != nil {
		t.Fatal(err)
	}
	clear(m.Average) // a network that answers 0: what is seen is the path itself
	var examples []flow.Example[float32]
	for i := range 10 {
		x, h, err := datasets.Encode[float32](c.Vocabulary(), &set.Molecules[i])
		if err != nil {
			t.Fatal(err)
		}
		examples = append(examples, flow.Example[float32]{State: flow.State[float32]{X: x, H: h}})
	}
	truth, err := NewTruth(m, examples, 3)
	if err != nil {
		t.Fatal(err)
	}
	o := trained.Options{Sample: c.Sample, Seed: 3, Workers: 2}
	o.Solver, o.Steps = flow.Euler, 100
	late, err := truth.From(context.Background(), o, 0.01)
	if err != nil {
		t.Fatal(err)
	}
	early, err := truth.From(context.Background(), o, 1)
	if err != nil {
		t.Fatal(err)
	}
	if late.RightTypes < 99 || early.RightTypes > 60 || late.NFE != 1 || early.NFE != 100 || len(late.Molecules) != 10 {
		t.Errorf("right: %v%% from t = 0.01 (%d evaluations), %v%% from 1 (%d)", late.RightTypes, late.NFE, early.RightTypes, early.NFE)
	}
	f, err := truth.Features(o, 1e-6)
	if err != nil {
		t.Fatal(err)
	}
	for k, r := range f.Ratio[:3] { // H C N
		if math.Abs(r-1) > 0.02 {
			t.Errorf("channel %d has %v of the data's mean", k, r)
		}
	}
}

// A model that has learned nothing leaves noise where it is: its ways are short. What
// is followed does not depend on the workers.
func TestStraight(t *testing.T) {
	c := config.Default()
	c.Network.Hidden, c.Network.Layers = 8, 1
	m, err := trained.New(c, datasets.Histogram{Counts: []int{0, 0, 0, 0, 3, 5}, Total: 8}, flow.Moments{})
	if err != nil {
		t.Fatal(err)
	}
	one, err := Straight(m, 1, 20, 1)
	if err != nil {
		t.Fatal(err)
	}
	three, err := Straight(m, 1, 20, 3)
	if err != nil {
		t.Fatal(err)
	}
	for i := range one.Bent {
		if one.Bent[i] != three.Bent[i] || one.Moved[i] != three.Moved[i] || !(one.Bent[i] >= 0) || one.Moved[i] > 0.1 {
			t.Errorf("molecule %d: bent %v and %v, moved %v", i, one.Bent[i], three.Bent[i], one.Moved[i])
		}
	}
}

// An evaluation's time is the clock's over all that were made while it ran.
func TestEvaluation(t *testing.T) {
	c := config.Default()
	c.Network.Hidden, c.Network.Layers = 8, 1
	m, err := trained.New(c, datasets.Histogram{Counts: []int{0, 1}, Total: 1}, flow.Moments{})
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	clock := func() float64 { asked++; return 0.06 * float64(asked) }
	got, err := Evaluation(context.Background(), m, 5, clock)
	if want := 0.12 / (2 * 4 * 4); err != nil || math.Abs(got-want) > 1e-12 {
		t.Errorf("%v s (%v), want 0.12 s over two rounds of 4 molecules and 4 evaluations, %v", got, err, want)
	}
}
