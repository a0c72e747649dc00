package formats

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"equifm/molecule"
)

type sdfRecord struct {
	m *molecule.Molecule
	g *molecule.Graph
}

func drainSDF(s *SDFReader) (all []sdfRecord, err error) {
	for {
		m, g, err := s.ReadGraph()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, sdfRecord{m, g})
	}
}

// chain is a molecule of n atoms whose bonds have all four orders in turn, a third of its atoms charged.
func chain(n int, scale float64) (*molecule.Molecule, *molecule.Graph) {
	rng := rand.New(rand.NewPCG(uint64(n), 1))
	m := &molecule.Molecule{Name: fmt.Sprint("chain of ", n), Elements: make([]molecule.Element, n), Pos: make([][3]float64, n),
		Properties: []molecule.Property{{Key: "energy", Value: "-1.5"}, {Key: "two lines", Value: "a\n b"}, {Key: "empty", Value: ""}}}
	g := &molecule.Graph{Elements: make([]molecule.Element, n)}
	if n > 2 {
		g.Charges = make([]int8, n)
		m.Stated = g
	}
	for i := range n {
		m.Elements[i] = []molecule.Element{molecule.H, molecule.C, molecule.Cl, molecule.Hg}[i%4]
		g.Elements[i] = m.Elements[i]
		for k := range 3 { // whole 1e-4 Å: what V2000 holds
			m.Pos[i][k] = math.Round(1e4*scale*rng.NormFloat64()) / 1e4
		}
		if n > 2 && i%3 == 1 {
			g.Charges[i] = int8(i%31 - 15)
		}
		if i > 0 {
			m.Stated = g
			g.Bonds = append(g.Bonds, molecule.Bond{I: int32(i - 1), J: int32(i), Order: molecule.BondOrder(i%4 + 1)})
		}
	}
	return m, g
}

func TestSDFWriteReadIsIdentity(t *testing.T) {
	var buf bytes.Buffer
	w := NewSDFWriter(&buf)
	var want []sdfRecord
	for _, c := range []struct {
		n     int
		scale float64
	}{{0, 1}, {1, 1}, {2, 9000}, {5, 1e6}, {300, 1}, {999, 1}, {1000, 1}, {3000, 1e5}} {
		m, g := chain(c.n, c.scale)
		if err := w.Write(m, g); err != nil {
			t.Fatal(err)
		}
		want = append(want, sdfRecord{m, g})
	}
	if two, three := strings.Count(buf.String(), "V2000"), strings.Count(buf.String(), "V3000"); two+three != len(want) || three < 3 {
		t.Errorf("%d records as V2000, %d as V3000", two, three)
	}
	got, err := drainSDF(NewSDFReader(&buf, "t.sdf"))
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("wrote %d records, read %d", len(want), len(got))
	}
	for i := range want {
		if !equalRecord(got[i], want[i]) {
			t.Errorf("wrote %+v %+v, read %+v %+v", want[i].m, want[i].g, got[i].m, got[i].g)
		}
	}
}

func equalRecord(a, b sdfRecord) bool {
	return reflect.DeepEqual(a.m, b.m) && reflect.DeepEqual(a.g.Elements, b.g.Elements) &&
		reflect.DeepEqual(a.g.Bonds, b.g.Bonds) && reflect.DeepEqual(a.g.Charges, b.g.Charges)
}

// Whatever the name, key or value: what Write accepts, Read gives back, and a
// record after it is still the next.
func TestSDFNothingForgesARecord(t *testing.T) {
	refused := 0
	for _, a := range append(hostile, "\n> <x>\ny", "a\n\nb", "a\n \nb", "a\n$$$$", "a\n>", "a\n", "\na", "M  END", "a\rb") {
		for field := range 3 {
			m := &molecule.Molecule{Name: "n", Elements: []molecule.Element{molecule.H}, Pos: make([][3]float64, 1), Properties: []molecule.Property{{Key: "k", Value: "v"}}}
			*[]*string{&m.Name, &m.Properties[0].Key, &m.Properties[0].Value}[field] = a
			var buf bytes.Buffer
			w := NewSDFWriter(&buf)
			if err := w.Write(m, nil); err != nil {
				refused++
				if buf.Len() > 0 {
					t.Errorf("%q was refused half-way", a)
				}
				continue
			}
			next, g := chain(2, 1)
			if err := w.Write(next, g); err != nil {
				t.Fatal(err)
			}
			got, err := drainSDF(NewSDFReader(&buf, "t.sdf"))
			if err != nil || len(got) != 2 || !reflect.DeepEqual(got[0].m, m) || !reflect.DeepEqual(got[1].m, next) {
				t.Errorf("%q in field %d: read %+v (%v)", a, field, got, err)
			}
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
}

const water = "water\n  test\n\n  3  2  0  0  0  0  0  0  0  0999 V2000\n" +
	"    0.0000    0.0000    0.1193 O   0  3  0  0\n" +
	"    0.0000    0.7632   -0.4770 H   0  0\n" +
	"    0.0000   -0.7632   -0.4770 H\n" +
	"  1  2  1  0\n  3  1  1\nM  CHG  1   1   1\nM  END\n>  25 <a.b>  (7)\n1\n2\n\n$$$$\n"

const waterV3000 = "water\n  test\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS 3 2 0 0 0\n" +
	"M  V30 BEGIN ATOM\nM  V30 7 O 0 0 0.1193 0 CHG=1\nM  V30 -\nM  V30 5 H 0 0.7632 -\nM  V30 -0.4770 0\nM  V30 3 H 0 -0.7632 -0.4770 0\nM  V30 END ATOM\n" +
	"M  V30 BEGIN BOND\nM  V30 1 1 7 5\nM  V30 2 1 3 7 CFG=1\nM  V30 END BOND\nM  V30 BEGIN SGROUP\nM  V30 1 DAT 0 -\nM  V30 ATOMS=(1 7)\nM  V30 END SGROUP\n" +
	"M  V30 END CTAB\nM  END\n> <a.b>\n1\n2\n"

func TestSDFForms(t *testing.T) {
	want := sdfRecord{
		&molecule.Molecule{Name: "water", Elements: []molecule.Element{molecule.O, molecule.H, molecule.H}, Properties: []molecule.Property{{Key: "a.b", Value: "1\n2"}},
			Pos: [][3]float64{{0, 0, 0.1193}, {0, 0.7632, -0.477}, {0, -0.7632, -0.477}}},
		&molecule.Graph{Elements: []molecule.Element{molecule.O, molecule.H, molecule.H}, Bonds: []molecule.Bond{{I: 0, J: 1, Order: molecule.Single}, {I: 0, J: 2, Order: molecule.Single}}, Charges: []int8{1, 0, 0}},
	}
	want.m.Stated = want.g
	for name, text := range map[string]string{
		"V2000": water, "V3000": waterV3000, "blank end": water + "\n \n", "CRLF": strings.ReplaceAll(water, "\n", "\r\n"),
		"mol file": water[:strings.Index(water, ">")] + "> <a.b>\n1\n2",
	} {
		got, err := drainSDF(NewSDFReader(strings.NewReader(text), "t.sdf"))
		if err != nil || len(got) != 1 || !equalRecord(got[0], want) {
			t.Errorf("%s: read %+v (%v)", name, got, err)
		}
	}
}

func TestSDFErrorsNameTheLine(t *testing.T) {
	for _, c := range []struct{ text, from, to, want string }{
		{water, "  3  2  0", "1000000000", "t.sdf:8: columns 1-10: expected a finite number"},
		{water, "  3  2  0", "999  2  0", "t.sdf:8: columns 1-10: expected a finite number"},
		{water, "  3  2  0", " -3  2  0", "t.sdf:4: expected an atom count"},
		{water, "    0.1193", "       NaN", "t.sdf:5: columns 21-30: expected a finite number, found \"NaN\""},
		{water, " O  ", " Q  ", "t.sdf:5: columns 32-34: expected an element's symbol"},
		{water, "  3  1  1\n", "  4  1  1\n", "t.sdf:9: expected two atoms between 1 and 3"},
		{water, "  3  1  1\n", "  1  1  1\n", "t.sdf:9: expected two atoms"},
		{water, "  3  1  1\n", "  3  1  8\n", "t.sdf:9: expected a bond order"},
		{water, "  3  1  1\n", "  2  1  2\n", "t.sdf:11: atoms 1 and 2 are bonded twice"},
		{water, "O   0  3", "O   0  8", "t.sdf:5: columns 37-39: expected a mark of charge between 0 and 7"},
		{water, "CHG  1 ", "CHG  2 ", "t.sdf:10: expected \"M  CHG\", a count"},
		{water, "  1   1   1\n", "\n", "t.sdf:10: expected \"M  CHG\", a count"},
		{water, "  1   1   1\n", "  1   4   1\n", "t.sdf:10: expected an atom between 1 and 3, found \"4\""},
		{water, "  1   1   1\n", "  1   1  16\n", "t.sdf:10: expected a charge between -15 and 15, found \"16\""},
		{waterV3000, "CHG=1", "CHG=x", "t.sdf:8: expected a charge between -15 and 15, found \"x\""},
		{water, "M  END\n", "", "t.sdf:15: expected \"M  END\", found \"$$$$\""},
		{water, ">  25 <a.b>", "25 <a.b>", "t.sdf:12: expected \"> <key>\" or \"$$$$\""},
		{water, ">  25 <a.b>", ">  25 a.b", "t.sdf:12: expected \"> <key>\""},
		{water[:strings.Index(water, "  3  1  1")], "", "", "t.sdf:9: expected a bond line, found the end of the file"},
		{"a\nb\n\n", "", "", "t.sdf:4: expected four header lines"},
		{waterV3000, "COUNTS 3", "COUNTS 1000000000", "t.sdf:6: expected an atom count of at most 1000000"},
		{waterV3000, "COUNTS 3", "COUNTS 4", "t.sdf:23: expected 4 atoms and 2 bonds, found 3 and 2"},
		{waterV3000, "COUNTS 3", "COUNTS 2", "t.sdf:12: expected END ATOM after at most 2 lines"},
		{waterV3000, "V30 3 H", "V30 7 H", "t.sdf:12: expected an index that is new"},
		{waterV3000, "1 3 7", "1 3 9", "t.sdf:16: expected two different atoms"},
		{waterV3000, "0.1193", "inf", "t.sdf:8: expected a finite number"},
		{waterV3000, "M  V30 END CTAB", "END CTAB", "t.sdf:22: expected \"M  V30 \""},
	} {
		var err error
		taken := allocated(func() {
			_, err = drainSDF(NewSDFReader(strings.NewReader(strings.Replace(c.text, c.from, c.to, 1)), "t.sdf"))
		})
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q for %q: error %v, want %q…", c.to, c.from, err, c.want)
		}
		if taken > mostRefusing {
			t.Errorf("%q: refused with %d bytes", c.to, taken)
		}
	}
}

func TestWriteSMILES(t *testing.T) {
	var buf bytes.Buffer
	for _, c := range [][2]string{{"C", ""}, {"[H]O[H]", "water"}, {"CC", "a\r\nC\tb"}} {
		if err := WriteSMILES(&buf, c[0], c[1]); err != nil {
			t.Fatal(err)
		}
	}
	if want := "C\n[H]O[H]\twater\nCC\ta C\tb\n"; buf.String() != want {
		t.Errorf("got %q, want %q", buf.String(), want)
	}
	for _, bad := range []string{"", "C\nC", "C C"} {
		if err := WriteSMILES(&buf, bad, ""); err == nil {
			t.Errorf("%q was written", bad)
		}
	}
}

func FuzzSDF(f *testing.F) {
	f.Add([]byte(water))
	f.Add([]byte(waterV3000))
	f.Add([]byte(strings.Replace(water, "M  CHG  1   1   1", "M  CHG  2   1   1   3 -15", 1)))
	f.Add([]byte(strings.Replace(water, "M  CHG  1   1   1", "M  RAD  1   1   2", 1)))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, _ := drainSDF(NewSDFReader(bytes.NewReader(data), "f"))
		var buf bytes.Buffer
		var written []sdfRecord
		for _, r := range first {
			if NewSDFWriter(&buf).Write(r.m, r.g) == nil {
				written = append(written, r)
			}
		}
		text := buf.String()
		again, err := drainSDF(NewSDFReader(&buf, "f"))
		if err != nil || len(again) != len(written) {
			t.Fatalf("wrote %q, read %+v (%v)", text, again, err)
		}
		for i, r := range written { // coordinates are rounded
			a := again[i]
			if a.m.Name != r.m.Name || !slices.Equal(a.m.Properties, r.m.Properties) ||
				!slices.Equal(a.g.Elements, r.m.Elements) || !slices.Equal(a.g.Bonds, r.g.Bonds) || !slices.Equal(a.g.Charges, r.g.Charges) {
				t.Fatalf("wrote %q, read %+v %+v", text, a.m, a.g)
			}
		}
	})
}
