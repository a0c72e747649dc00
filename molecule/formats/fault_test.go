package formats

import (
	"bytes"
	"compress/gzip"
	"strings"
	"testing"
)

// A count of atoms is only a claim: a thousand million of them are refused, or their
// lines are, before there is memory for them.
func TestFaultClaimedAtoms(t *testing.T) {
	for name, text := range map[string]string{
		"a.xyz": "1000000000\n\nH 0 0 0\n", "b.xyz": "999999\n\nH 0 0 0\n", "c.xyz": "99999999999999999999\n\n", "d.xyz": "-1\n\n",
		"a.sdf": "x\n\n\n999999  0  0  0  0  0  0  0  0999 V2000\n",
		"b.sdf": "x\n\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS 1000000000 0 0 0 0\n",
		"c.sdf": "x\n\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS 1000000 1000000 0 0 0\nM  V30 BEGIN ATOM\nM  V30 1 H 0 0 0 0\nM  V30 END ATOM\nM  V30 END CTAB\nM  END\n",
	} {
		path := store(t, name, text)
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		var read error
		_, read = drain(f)
		if f.Close(); read == nil || !strings.HasPrefix(read.Error(), path+":") {
			t.Errorf("%s: error %v", name, read)
		}
	}
}

// Continuation lines take the time of their bytes; of every one looked at again with
// those before it, this would not end soon.
func TestFaultContinuationLines(t *testing.T) {
	head := "x\n\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\n"
	for _, line := range []string{"M  V30 a-\n", "M  V30  -\n", "M  V30 -\n"} {
		_, err := NewSDFReader(strings.NewReader(head+strings.Repeat(line, 600_000)), "f.sdf").Read()
		if err == nil || !strings.HasPrefix(err.Error(), "f.sdf:") {
			t.Errorf("%q: error %v", line, err)
		}
	}
	long := head + "M  V30 COUNTS -\nM  V30 1 -\nM  V30 0 0 0 0\nM  V30 BEGIN ATOM\nM  V30 1 C -\nM  V30 1 2 -\nM  V30 3 0\nM  V30 END ATOM\nM  V30 END CTAB\nM  END\n"
	if m, err := NewSDFReader(strings.NewReader(long), "f.sdf").Read(); err != nil || m.Pos[0] != [3]float64{1, 2, 3} {
		t.Errorf("%+v, error %v", m, err)
	}
}

// A file that unpacks to much more than molecules do is given up before the memory is full.
func TestFaultGzipBomb(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	zeros := []byte(strings.Repeat("\n", 1<<20))
	for range 100 {
		if _, err := w.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := Open(store(t, "bomb.xyz.gz", b.String()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Read(); err == nil || !strings.Contains(err.Error(), "more than 200 times is no text") || !strings.Contains(err.Error(), "bomb.xyz.gz:") {
		t.Errorf("error %v", err)
	}
}
