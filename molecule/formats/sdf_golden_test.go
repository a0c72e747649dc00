package formats

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"
)

// readBack is a record as RDKit or Open Babel reads it.
type readBack struct {
	Name       string            `json:"name"`
	Elements   []string          `json:"elements"`
	Pos        [][3]float64      `json:"pos"` // Å; Open Babel's have six digits
	Bonds      [][3]int          `json:"bonds"`
	Properties map[string]string `json:"properties"` // RDKit's only
}

// RDKit and Open Babel read in our file what we read, and the writer still
// writes that very file.
func TestSDFGolden(t *testing.T) {
	const dir = "../../testdata/golden/"
	file, err := os.ReadFile(dir + "sdf_written.sdf")
	if err != nil {
		t.Fatal(err)
	}
	records, err := drainSDF(NewSDFReader(bytes.NewReader(file), "sdf_written.sdf"))
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(dir + "sdf_readback.json")
	if err != nil {
		t.Fatal(err)
	}
	var others struct{ RDKit, OpenBabel []readBack }
	if err := json.Unmarshal(data, &others); err != nil {
		t.Fatal(err)
	}
	if len(records) != len(others.RDKit) || len(records) != len(others.OpenBabel) {
		t.Fatalf("%d records, RDKit %d, Open Babel %d", len(records), len(others.RDKit), len(others.OpenBabel))
	}
	var again bytes.Buffer
	w := NewSDFWriter(&again)
	for i, r := range records {
		if !sameRecord(r, others.RDKit[i]) || !sameRecord(r, others.OpenBabel[i]) {
			t.Errorf("record %d: %+v %+v, RDKit %+v, Open Babel %+v", i+1, r.m, r.g, others.RDKit[i], others.OpenBabel[i])
		}
		for _, p := range r.m.Properties {
			if others.RDKit[i].Properties[p.Key] != p.Value {
				t.Errorf("record %d: %s = %q, RDKit %q", i+1, p.Key, p.Value, others.RDKit[i].Properties[p.Key])
			}
		}
		if err := w.Write(r.m, r.g); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(again.Bytes(), file) {
		t.Error("the file is not written as it was")
	}
}

func sameRecord(r sdfRecord, o readBack) bool {
	var elements []string
	for _, e := range r.m.Elements {
		elements = append(elements, e.String())
	}
	var bonds [][3]int
	for _, b := range r.g.Bonds {
		bonds = append(bonds, [3]int{int(b.I), int(b.J), int(b.Order)})
	}
	for i, p := range o.Pos {
		for k := range p {
			if math.Abs(p[k]-r.m.Pos[i][k]) > 1e-4+1e-5*math.Abs(p[k]) {
				return false
			}
		}
	}
	return r.m.Name == o.Name && slices.Equal(elements, o.Elements) && slices.Equal(bonds, o.Bonds)
}
