package formats

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"equifm/molecule"
)

func readAllXYZ(t testing.TB, text string) []*molecule.Molecule {
	t.Helper()
	ms, err := drain(NewXYZReader(strings.NewReader(text), "t.xyz"))
	if err != nil {
		t.Fatal(err)
	}
	return ms
}

func drain(r molecule.Reader) (ms []*molecule.Molecule, err error) {
	for {
		m, err := r.Read()
		if err == io.EOF {
			return ms, nil
		}
		if err != nil {
			return ms, err
		}
		ms = append(ms, m)
	}
}

func TestXYZForms(t *testing.T) {
	water := [][3]float64{{0, 0, 0.119262}, {0, 0.763239, -0.477047}, {0, -0.763239, -0.477047}}
	oh2 := []molecule.Element{molecule.O, molecule.H, molecule.H}
	for name, c := range map[string]struct {
		text string
		want molecule.Molecule
	}{
		"plain": {"3\nwater, gas phase\nO 0 0 0.119262\nH 0 0.763239 -0.477047\nH 0 -0.763239 -0.477047\n",
			molecule.Molecule{Name: "water, gas phase", Elements: oh2, Pos: water}},
		"no last line end, CRLF, tabs, more columns": {"\n  3 \r\n\r\nO\t0\t0\t0.119262\t-0.4\r\nH 0 0.763239 -0.477047\r\nH 0 -0.763239 -4.77047E-1",
			molecule.Molecule{Elements: oh2, Pos: water}},
		"atomic numbers": {"3\n\n8 0 0 0.119262\n1 0 0.763239 -0.477047\n1 0 -0.763239 -0.477047\n",
			molecule.Molecule{Elements: oh2, Pos: water}},
		"properties": {"3\ngdb=3 split=valid note=\"a \\\"b\\\" = c\" H2O\nO 0 0 0.119262\nH 0 0.763239 -0.477047\nH 0 -0.763239 -0.477047\n",
			molecule.Molecule{Name: "H2O", Elements: oh2, Pos: water,
				Properties: []molecule.Property{{Key: "gdb", Value: "3"}, {Key: "split", Value: "valid"}, {Key: "note", Value: `a "b" = c`}}}},
		"extended": {"3\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=id:I:1:pos:R:3:species:S:1:forces:R:3 energy=-76.4 pbc=\"F F F\"\n" +
			"1 0 0 0.119262 O 0 0 0\n2 0 0.763239 -0.477047 H 0 0 0\n3 0 -0.763239 -0.477047 H 0 0 0\n",
			molecule.Molecule{Elements: oh2, Pos: water,
				Properties: []molecule.Property{{Key: "Lattice", Value: "9 0 0 0 9 0 0 0 9"}, {Key: "energy", Value: "-76.4"}, {Key: "pbc", Value: "F F F"}}}},
	} {
		got := readAllXYZ(t, c.text)
		if len(got) != 1 || !reflect.DeepEqual(*got[0], c.want) {
			t.Errorf("%s: got %+v, want %+v", name, got[0], c.want)
		}
	}
}

func TestXYZErrorsNameTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"1000000000\n\n":                   "t.xyz:1: expected an atom count of at most 1000000, found 1000000000",
		"99999999999999999999999\n\n":      "t.xyz:1: expected an atom count, found",
		"water\n":                          "t.xyz:1: expected an atom count, found \"water\"",
		"-1\n\n":                           "t.xyz:1: expected an atom count",
		"1\n":                              "t.xyz:2: expected a comment line, found the end of the file",
		"2\n\nH 0 0 0\n":                   "t.xyz:4: expected an atom line, found the end of the file",
		"1\n\nH 0 0\n":                     "t.xyz:3: expected an atom line with at least 4 columns",
		"1\n\nXx 0 0 0\n":                  "t.xyz:3: column 1: expected an element's symbol, found \"Xx\"",
		"1\n\nH 0 NaN 0\n":                 "t.xyz:3: column 3: expected a finite number, found \"NaN\"",
		"1\n\nH 0 0 -inf\n":                "t.xyz:3: column 4: expected a finite number",
		"1\n\nH 0 0 1e999\n":               "t.xyz:3: column 4: expected a finite number",
		"1\n\nH 0 0 0x1p-2\n":              "t.xyz:3: column 4: expected a finite number",
		"1\n\nH 0 0 0\nH 0 0 0\n":          "t.xyz:4: expected an atom count, found \"H 0 0 0\"",
		"1\nProperties=pos:R:3\nH 0 0 0\n": "t.xyz:2: expected Properties=",
		"500000\n\nH 0 0 0\n":              "t.xyz:4: expected an atom line, found the end",
		"1\n" + strings.Repeat("x", 1<<21): "t.xyz:2: expected a line of at most",
	} {
		var err error
		taken := allocated(func() { _, err = drain(NewXYZReader(strings.NewReader(text), "t.xyz")) })
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.40q: error %v, want %q…", text, err, want)
		}
		if taken > mostRefusing {
			t.Errorf("%.40q: refused with %d bytes", text, taken)
		}
	}
}

// mostRefusing is what a reader may allocate, in bytes, before it refuses a file of a few
// lines, or of a line of two million bytes: not what the file claims to hold.
const mostRefusing = 8 << 20

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// hostile are names, keys and values that would read as something else if they
// were written as they stand.
var hostile = []string{"", " ", "a", "a b", "  two  blanks ", "k=v", "=", `"`, `\`, `\n`, `a"b c"`, "\n", "\r\n", "1\n\nH 0 0 0",
	"$$$$", "\n$$$$\n", "> <x>", "tab\there", "é µ", "\x00", `"open`, `\"`, "Propertie", "\u00a0"}

func TestXYZWriteReadIsIdentity(t *testing.T) {
	var ms []*molecule.Molecule
	for _, a := range hostile {
		for _, b := range hostile {
			ms = append(ms, &molecule.Molecule{Name: a, Elements: []molecule.Element{molecule.H, 118}, Pos: [][3]float64{{1, 2, 3}, {-1e-300, 1e300, math.Copysign(0, -1)}},
				Properties: []molecule.Property{{Key: b, Value: a}, {Key: a, Value: b}}})
			ms = append(ms, &molecule.Molecule{Name: b + a, Elements: []molecule.Element{}, Pos: [][3]float64{}})
		}
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		ms = append(ms, &molecule.Molecule{Elements: []molecule.Element{molecule.C}, Pos: [][3]float64{{rng.NormFloat64(), float64(rng.Float32()), math.Round(1e6*rng.Float64()) / 1e6}}})
	}
	var buf bytes.Buffer
	w := NewXYZWriter(&buf)
	for _, m := range ms {
		if err := w.Write(m); err != nil {
			t.Fatal(err)
		}
	}
	got := readAllXYZ(t, buf.String())
	if len(got) != len(ms) {
		t.Fatalf("wrote %d molecules, read %d", len(ms), len(got))
	}
	for i := range ms {
		if !reflect.DeepEqual(got[i], ms[i]) {
			t.Fatalf("wrote %+v, read %+v", ms[i], got[i])
		}
	}
}

func TestXYZWriterRefuses(t *testing.T) {
	at := [][3]float64{{0, 0, 0}}
	for _, m := range []molecule.Molecule{
		{Elements: []molecule.Element{0}, Pos: at},
		{Elements: []molecule.Element{200}, Pos: at},
		{Elements: []molecule.Element{molecule.H}, Pos: [][3]float64{{0, math.NaN(), 0}}},
		{Elements: []molecule.Element{molecule.H}, Pos: [][3]float64{{0, 0, math.Inf(-1)}}},
		{Elements: []molecule.Element{molecule.H}, Pos: at, Properties: []molecule.Property{{Key: "Properties", Value: "species:S:1"}}},
	} {
		var buf bytes.Buffer
		if err := NewXYZWriter(&buf).Write(&m); err == nil || buf.Len() > 0 {
			t.Errorf("%+v was written as %q", m, buf.String())
		}
	}
}

// The fast way of parseFloat is correctly rounded, as strconv is.
func TestParseFloatAgreesWithStrconv(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		v := (rng.Float64() - 0.5) * math.Pow(10, float64(rng.IntN(12)-6))
		s := fmt.Sprintf("%.*f", rng.IntN(18), v)
		var want float64
		fmt.Sscanf(s, "%g", &want)
		if got, err := parseFloat([]byte(s)); err != nil || got != want || math.Signbit(got) != math.Signbit(want) {
			t.Fatalf("%s: got %v (%v), want %v", s, got, err, want)
		}
	}
}

func FuzzXYZ(f *testing.F) {
	f.Add([]byte("1\n\nH 0 0 0\n"))
	f.Add([]byte("2\nname k=v \"q r\"=\"\\n\" Properties=pos:R:3:species:S:1\n0 0 1e3 C\n1 2 3 6\n\n0\n\n"))
	f.Add([]byte("1000000000\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		ms, _ := drain(NewXYZReader(bytes.NewReader(data), "f"))
		var buf bytes.Buffer
		for _, m := range ms {
			if err := NewXYZWriter(&buf).Write(m); err != nil {
				if _, taken := m.Property(columnsKey); taken {
					return // given twice: the second is kept as a property and refused
				}
				t.Fatal(err)
			}
		}
		text := buf.String()
		again, err := drain(NewXYZReader(&buf, "f"))
		if err != nil || !reflect.DeepEqual(again, ms) {
			t.Fatalf("read %+v, wrote %q, read %+v (%v)", ms, text, again, err)
		}
	})
}

func BenchmarkXYZRead(b *testing.B) {
	text := strings.Repeat("5\ngdb=1 split=train\nC -0.012698 1.085804 0.008001\nH 0.002150 -0.006031 0.001976\n"+
		"H 1.011731 1.463751 0.000277\nH -0.540815 1.447527 -0.876644\nH -0.523814 1.437933 0.906397\n", 1000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if ms, err := drain(NewXYZReader(strings.NewReader(text), "b")); err != nil || len(ms) != 1000 {
			b.Fatal(err)
		}
	}
}
