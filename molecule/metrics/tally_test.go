package metrics

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// Intervals of R. G. Newcombe, Stat. Med. 17, 857 (1998), table I, method 3.
func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int
		low, high float64
	}{{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {20, 20, 0.8389, 1}, {0, 0, 0, 1}} {
		low, high := Share{c.k, c.n}.Wilson()
		if math.Abs(low-c.low) > 5e-5 || math.Abs(high-c.high) > 5e-5 {
			t.Errorf("%d/%d: [%.4f, %.4f], want [%.4f, %.4f]", c.k, c.n, low, high, c.low, c.high)
		}
	}
}

// With one atom a molecule the bootstrap has to agree with Wilson; with ten
// that stand or fall together it must not shrink.
func TestBootstrapRatio(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	one, ten := make([]Share, 2000), make([]Share, 2000)
	sum := Share{N: len(one)}
	for i := range one {
		k := toInt(rng.Float64() < 0.3)
		sum.K += k
		one[i], ten[i] = Share{k, 1}, Share{10 * k, 10}
	}
	low, high := sum.Wilson()
	for _, parts := range [][]Share{one, ten} {
		l, h := bootstrapRatio(parts)
		if math.Abs(l-low) > 0.004 || math.Abs(h-high) > 0.004 {
			t.Errorf("bootstrap [%.4f, %.4f], Wilson [%.4f, %.4f]", l, h, low, high)
		}
	}
}

func TestTally(t *testing.T) {
	tally := Tally{Known: map[string]bool{"C": true, "O": true}}
	for _, j := range []Judgement{
		{Atoms: 5, StableAtoms: 5, Stable: true, Valid: true, Fragments: 1, SMILES: "C", Nearest: 0.03},
		{Atoms: 5, StableAtoms: 5, Stable: true, Valid: true, Fragments: 1, SMILES: "C", Nearest: 0.2},
		{Atoms: 8, StableAtoms: 5, Valid: true, Fragments: 2, SMILES: "N"},
		{Atoms: 2, StableAtoms: 0, Reason: "atom 2 (N): valence 4, allowed 3"},
		{Atoms: 3, StableAtoms: 1, Reason: "atom 3 (N): valence 4, allowed 3"},
	} {
		tally.Add(j)
	}
	got := tally.Totals()
	want := map[string]Share{
		"atom_stability": {16, 23}, "molecule_stability": {2, 5}, "validity": {3, 5}, "connected": {2, 5},
		"uniqueness": {2, 3}, "valid_unique": {2, 5}, "novelty": {1, 2}, "near_training": {1, 2}, "all_single_validity": {0, 5},
	}
	if !reflect.DeepEqual(got.Counts, want) {
		t.Errorf("counts %v, want %v", got.Counts, want)
	}
	if want := map[string]int{"N: valence 4, allowed 3": 2}; !reflect.DeepEqual(got.Reasons, want) {
		t.Errorf("reasons %v, want %v", got.Reasons, want)
	}
	for name, s := range got.Counts {
		if in := got.Intervals[name]; s.Value() < in[0] || s.Value() > in[1] {
			t.Errorf("%s: %v outside its interval %v", name, s.Value(), in)
		}
	}
}

// Validity far above connected is warned of, and not where molecules are whole or few.
func TestWarning(t *testing.T) {
	for _, c := range []struct {
		valid, connected, of int
		warned               bool
	}{{40, 5, 100, true}, {77, 60, 100, true}, {77, 76, 100, false}, {99, 95, 1000, false}, {2, 1, 3, false}, {0, 0, 0, false}} {
		totals := Totals{Counts: map[string]Share{"validity": {c.valid, c.of}, "connected": {c.connected, c.of}}}
		if w := totals.Warning(); (w != "") != c.warned {
			t.Errorf("%+v: %q", c, w)
		}
	}
}

// A set of no molecules has shares of nothing, but no NaN.
func TestTallyOfNothing(t *testing.T) {
	var tally Tally
	for _, s := range tally.Totals().Counts {
		if s.Value() != 0 {
			t.Errorf("%+v is %v", s, s.Value())
		}
	}
	tally.Add(Judgement{Atoms: 1, Reason: "bad"})
	if got := tally.Totals(); got.Counts["uniqueness"].Value() != 0 || got.Counts["validity"].Value() != 0 || got.Molecules != 1 {
		t.Errorf("got %+v", got)
	}
}

// Every metric has a name of its own and says what it is a share of.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range Table {
		if m.Key == "" || m.Counted == "" || m.Of == "" || seen[m.Key] {
			t.Errorf("%+v", m)
		}
		seen[m.Key] = true
	}
}
