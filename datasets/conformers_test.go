package datasets

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"equifm/molecule"
)

// npy is an array as numpy.save writes it.
func npy(kind string, rows, cols int, values []float64) []byte {
	b := bytes.NewBuffer(npyHeader(kind, rows, cols))
	for _, v := range values {
		switch kind {
		case "<f8":
			binary.Write(b, binary.LittleEndian, v)
		case "<f4":
			binary.Write(b, binary.LittleEndian, float32(v))
		case "<i4":
			binary.Write(b, binary.LittleEndian, int32(v))
		}
	}
	return b.Bytes()
}

// npyHeader is what stands before the numbers.
func npyHeader(kind string, rows, cols int) []byte {
	shape := fmt.Sprintf("(%d, %d)", rows, cols)
	if cols == 1 {
		shape = fmt.Sprintf("(%d,)", rows)
	}
	head := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", kind, shape)
	head += strings.Repeat(" ", 63-(10+len(head))%64) + "\n"
	b := []byte("\x93NUMPY\x01\x00")
	b = binary.LittleEndian.AppendUint16(b, uint16(len(head)))
	return append(b, head...)
}

// conformers are the rows of an array: of molecule m of some, m%3+1 conformers of
// elements that no neighbour has, each at places that its number tells.
func conformers(molecules int) (rows []float64, of []int) {
	for m := range molecules {
		for range m%3 + 1 {
			k := len(of)
			of = append(of, m)
			for a := range 2 + m%4 {
				z := []float64{6, 7, 8, 1, 34}[(m+a)%5]
				rows = append(rows, float64(k), z, float64(k), float64(a), float64(m))
			}
		}
	}
	return rows, of
}

func writeArray(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// An array's conformers are read as they stand, whatever numbers it has, and those of a
// molecule are of one split; by EDM's way they are not.
func TestConformers(t *testing.T) {
	rows, of := conformers(60)
	for _, kind := range []string{"<f8", "<f4"} {
		path := writeArray(t, "geom.npy", npy(kind, len(rows)/5, 5, rows))
		set, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		c := set.Stream
		defer c.Close()
		if c.Len() != len(of) || set.Len() != len(of) || c.Molecules() != 60 {
			t.Fatalf("%d conformers of %d molecules, expected %d of 60", c.Len(), c.Molecules(), len(of))
		}
		if got := fmt.Sprint(c.Elements()); got != "[H C N O Se]" {
			t.Errorf("elements %s", got)
		}
		var m molecule.Molecule
		var b Buffer
		for _, i := range []int{len(of) - 1, 0, 17} { // in any order
			if err := c.Read(i, &m, &b); err != nil {
				t.Fatal(err)
			}
			if m.Len() != c.Atoms(i) || m.Len() != 2+of[i]%4 || m.Pos[1] != [3]float64{float64(i), 1, float64(of[i])} || c.Molecule(i) != of[i] {
				t.Errorf("%s: conformer %d of molecule %d is %+v of %d", kind, i, of[i], m, c.Molecule(i))
			}
		}
		splitOf, total := map[int]string{}, 0
		for split, indices := range set.Splits {
			total += len(indices)
			for _, i := range indices {
				if was, ok := splitOf[of[i]]; ok && was != split {
					t.Errorf("molecule %d is in %s and in %s", of[i], was, split)
				}
				splitOf[of[i]] = split
			}
		}
		if total != len(of) || len(set.Splits) != 3 {
			t.Errorf("%d of %d conformers in %d splits", total, len(of), len(set.Splits))
		}
	}
}

// EDM splits conformers by the permutation beside the array: the first tenth is for
// validation, the second for the test.
func TestConformersAsEDM(t *testing.T) {
	rows, of := conformers(60)
	path := writeArray(t, "geom.npy", npy("<f8", len(rows)/5, 5, rows))
	perm := make([]float64, len(of))
	for i := range perm {
		perm[i] = float64(len(of) - 1 - i)
	}
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "geom_permutation.npy"), npy("<i4", len(of), 1, perm), 0o644); err != nil {
		t.Fatal(err)
	}
	set, err := LoadConformers(path, ByConformer)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Stream.Close()
	n := len(of)
	if v := set.Splits["valid"]; len(v) != n/10 || v[0] != n-n/10 || set.Splits["test"][0] != n-2*(n/10) || set.Splits["train"][0] != 0 {
		t.Errorf("splits %v", set.Splits)
	}
	perm[0] = 0
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "geom_permutation.npy"), npy("<i4", len(of), 1, perm), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadConformers(path, ByConformer); err == nil || !strings.Contains(err.Error(), "expected a permutation of 120") {
		t.Errorf("no permutation: %v", err)
	}
}

// A list with a string for every conformer says which molecule it is of; one with a
// string a molecule is held against what is found.
func TestConformersByStrings(t *testing.T) {
	rows, of := conformers(12)
	path := writeArray(t, "geom.npy", npy("<f8", len(rows)/5, 5, rows))
	list := filepath.Join(filepath.Dir(path), "geom_drugs_smiles.txt")
	var each, every strings.Builder
	for k, m := range of {
		fmt.Fprintf(&each, "M%d\n", m/2)
		if k == 0 || of[k-1] != m {
			fmt.Fprintf(&every, "M%d\n", m)
		}
	}
	for text, want := range map[string]int{each.String(): 6, every.String(): 12, "C\nCC\n": 0, each.String() + "C\n": 0} {
		if err := os.WriteFile(list, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := OpenConformers(path)
		if want == 0 {
			if err == nil || !strings.Contains(err.Error(), "of another array") {
				t.Errorf("%d lines: %v", strings.Count(text, "\n"), err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if c.Molecules() != want {
			t.Errorf("%d molecules, expected %d", c.Molecules(), want)
		}
		c.Close()
	}
}

// What is no array of conformers is refused by the file's name and what is wrong.
func TestConformersErrors(t *testing.T) {
	rows, _ := conformers(6)
	with := func(at int, v float64) []byte {
		r := slices.Clone(rows)
		r[at] = v
		return npy("<f8", len(r)/5, 5, r)
	}
	whole := npy("<f8", len(rows)/5, 5, rows)
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"cut off":    {whole[:len(whole)-8], "expected"},
		"longer":     {append(slices.Clone(whole), 1), "expected"},
		"no header":  {whole[:20], "found the end of the file"},
		"no array":   {[]byte("PK\x03\x04, a zip archive"), "expected a file of numpy's"},
		"4 columns":  {npy("<f8", 5, 4, rows[:20]), "expected the columns conformer, Z"},
		"other type": {bytes.Replace(whole, []byte("'<f8'"), []byte("'>f8'"), 1), "numbers of type \">f8\""},
		"Z of half":  {with(6, 6.5), "row 1: atomic number 6.5"},
		"Z of 0":     {with(1, 0), "row 0: atomic number 0"},
		"NaN":        {with(8, math.NaN()), "row 1: NaN"},
	} {
		path := writeArray(t, "geom.npy", c.content)
		if _, err := Load(path); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "geom.npy") {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

// FuzzNpy: no header ends in a panic or in more memory than the file is worth.
func FuzzNpy(f *testing.F) {
	rows, _ := conformers(2)
	f.Add(npy("<f8", len(rows)/5, 5, rows))
	f.Add([]byte("\x93NUMPY\x02\x00\xff\xff\xff\xff"))
	path := filepath.Join(f.TempDir(), "a.npy")
	f.Fuzz(func(t *testing.T, content []byte) {
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if c, err := OpenConformers(path); err == nil {
			c.Close()
		}
	})
}

// BenchmarkOpenConformers indexes an array of 45 atoms a conformer, 30 conformers a
// molecule. A million of them are 1.8 GB in the temporary folder.
func BenchmarkOpenConformers(b *testing.B) {
	for _, count := range []int{20_000, 1_000_000} {
		b.Run(fmt.Sprintf("%dx45", count), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "geom.npy")
			if err := writeMany(path, count, 45); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				c, err := OpenConformers(path)
				if err != nil || c.Len() != count {
					b.Fatal(err)
				}
				c.Close()
			}
			b.ReportMetric(float64(count*b.N)/b.Elapsed().Seconds(), "conformers/s")
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys-m.HeapReleased)/(1<<20), "MiB-of-the-system")
		})
	}
}

// writeMany writes the array without having it in memory.
func writeMany(path string, count, atoms int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriterSize(f, 1<<20)
	w.Write(npyHeader("<f8", count*atoms, 5))
	var row [40]byte
	for k := range count {
		for a := range atoms {
			for i, v := range []float64{float64(k), []float64{1, 6, 7, 8}[(k/30+a)%4], float64(a), 0, 1} {
				binary.LittleEndian.PutUint64(row[8*i:], math.Float64bits(v))
			}
			w.Write(row[:])
		}
	}
	return w.Flush()
}
