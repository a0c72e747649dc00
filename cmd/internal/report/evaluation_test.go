package report

import (
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/metrics"
)

// fluoride is hydrogen fluoride with a bond of d Å.
func fluoride(d float64) *molecule.Molecule {
	return &molecule.Molecule{Elements: []molecule.Element{molecule.H, molecule.F}, Pos: [][3]float64{{}, {0, 0, d}}}
}

// failing is a Reader that gives n molecules and then an error.
type failing struct {
	n   int
	err error
}

func (f *failing) Read() (*molecule.Molecule, error) {
	if f.n == 0 {
		return nil, f.err
	}
	f.n--
	return fluoride(0.92), nil
}

// What a reader gave before it failed counts, to the last molecule.
func TestReadKeepsWhatCameBeforeAnError(t *testing.T) {
	broken := errors.New("broken")
	for _, n := range []int{0, 1, batchSize, 10*batchSize + 7} {
		e := New(bonds.QM9(), 3, nil)
		if err := e.Read(&failing{n, broken}, nil); !errors.Is(err, broken) {
			t.Errorf("%d molecules: error %v", n, err)
		}
		if e.Tally.Len() != n || e.Shapes.Elements[molecule.F] != n {
			t.Errorf("%d molecules: counted %d, %d F", n, e.Tally.Len(), e.Shapes.Elements[molecule.F])
		}
	}
}

// Judgements come in the order of the molecules, and an error there ends the
// reading of what would go on for ever.
func TestReadKeepsOrderAndStops(t *testing.T) {
	var s Slice
	for i := range 5 * batchSize {
		s = append(s, fluoride(0.9+float64(i%3)))
	}
	i := 0
	e := New(bonds.QM9(), 4, nil)
	if err := e.Read(&s, func(j metrics.Judgement) error {
		if j.Stable != (i%3 == 0) {
			t.Errorf("molecule %d: %+v", i, j)
		}
		i++
		return nil
	}); err != nil || i != 5*batchSize {
		t.Errorf("%d judgements (%v)", i, err)
	}
	full := errors.New("full")
	if err := e.Read(&failing{math.MaxInt, io.EOF}, func(metrics.Judgement) error { return full }); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
}

// A molecule whose position is not finite is kept, and not valid.
func TestNotFinite(t *testing.T) {
	e := New(bonds.QM9(), 1, nil)
	if err := e.Read(&Slice{fluoride(math.NaN()), fluoride(0.92)}, nil); err != nil {
		t.Fatal(err)
	}
	if r := e.Report(nil); r.Molecules != 2 || r.Counts["validity"].K != 1 || r.Checks["valid"].K != 1 {
		t.Errorf("got %+v", r)
	}
}

// Bonds that no published length judges are said, by their elements, and no others.
func TestBondsByRadiiAreSaid(t *testing.T) {
	se, _ := molecule.ParseElement("Se")
	selane := &molecule.Molecule{Elements: []molecule.Element{se, molecule.H, molecule.H}, Pos: [][3]float64{{}, {1.46, 0, 0}, {0, 1.46, 0}}}
	e := New(bonds.All(), 1, nil)
	if err := e.Read(&Slice{selane, fluoride(0.92), selane}, nil); err != nil {
		t.Fatal(err)
	}
	r := e.Report(nil)
	if r.ByRadii["H-Se"] != 4 || len(r.ByRadii) != 1 || r.Counts["molecule_stability"].K != 3 || r.Counts["validity"].K != 3 {
		t.Errorf("bonds by radii %v, counts %+v: expected 4 of H-Se, and all stable and valid", r.ByRadii, r.Counts)
	}
	var text strings.Builder
	r.Table(&text)
	if want := "no length of theirs is published: H-Se 4\n"; !strings.Contains(text.String(), want) {
		t.Errorf("the table lacks %q:\n%s", want, &text)
	}
}
