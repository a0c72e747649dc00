package packed

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
)

// Unpacking gives back what was packed, to half a step; packing that again
// changes nothing more.
func TestDecodeInvertsEncode(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var mols []Molecule
	for i := range 200 {
		m := Molecule{GDB: 1 + 7*i*i, Z: make([]byte, i), Pos: make([][3]float64, i)}
		for a := range m.Z {
			m.Z[a] = byte(rng.IntN(10))
			m.Pos[a] = [3]float64{40 * rng.NormFloat64(), rng.NormFloat64(), float64(a)}
		}
		if i%3 > 0 {
			for _, c := range Columns {
				m.Values = append(m.Values, math.Round(1000*rng.NormFloat64()*math.Pow10(c.Decimals))/math.Pow10(c.Decimals))
			}
		}
		mols = append(mols, m)
	}
	once := roundTrip(t, mols)
	for i, m := range mols {
		if !reflect.DeepEqual(m.Values, once[i].Values) {
			t.Fatalf("molecule %d: wrote %v, read %v", i, m.Values, once[i].Values)
		}
		for a, p := range m.Pos {
			for k := range p {
				if d := math.Abs(p[k] - once[i].Pos[a][k]); d > 0.5000001/perÅ {
					t.Fatalf("molecule %d atom %d: off by %g Å", i, a, d)
				}
			}
		}
	}
	if twice := roundTrip(t, once); !reflect.DeepEqual(once, twice) {
		t.Error("a second round trip changes the molecules")
	}
}

func roundTrip(t *testing.T, mols []Molecule) []Molecule {
	t.Helper()
	var buf bytes.Buffer
	if err := Encode(&buf, mols); err != nil {
		t.Fatal(err)
	}
	got, err := Decode(buf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range mols {
		if got[i].GDB != m.GDB || !bytes.Equal(got[i].Z, m.Z) {
			t.Fatalf("molecule %d: wrote %+v, read %+v", i, m, got[i])
		}
	}
	return got
}

// A sample that is cut short is refused, unless only flate's end mark is missing.
func TestDecodeRefusesDamage(t *testing.T) {
	var buf bytes.Buffer
	whole := []Molecule{{GDB: 1, Z: []byte{1, 6, 7}, Pos: make([][3]float64, 3)}}
	if err := Encode(&buf, whole); err != nil {
		t.Fatal(err)
	}
	for n := range buf.Len() {
		if got, err := Decode(buf.Bytes()[:n]); err == nil && !reflect.DeepEqual(got, whole) {
			t.Errorf("the first %d of %d bytes were read as %+v", n, buf.Len(), got)
		}
	}
}
