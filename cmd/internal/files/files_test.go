package files

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/formats"
	"equifm/molecule/metrics"
)

// Check finds what would fail after the work, and leaves no trace.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	if err := Check(filepath.Join(dir, "a.sdf")); err != nil {
		t.Error(err)
	}
	if names, _ := os.ReadDir(dir); len(names) != 0 {
		t.Errorf("the folder holds %v", names)
	}
	folder := filepath.Join(dir, "b.xyz")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "a.pdb"), filepath.Join(dir, "a.mol"), filepath.Join(dir, "a.gz"), filepath.Join(dir, "none", "a.sdf"), folder, ""} {
		if err := Check(path); err == nil {
			t.Errorf("%q: no error", path)
		}
	}
}

// Molecules that are not valid are written, with the reason; where that cannot
// be, the number says so.
func TestInvalidAreKept(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.sdf")
	bad := &molecule.Molecule{Elements: []molecule.Element{molecule.H, molecule.F, molecule.H}, Pos: [][3]float64{{0, 0, -0.9}, {}, {0, 0, 0.9}}}
	good := &molecule.Molecule{Elements: bad.Elements[:2], Pos: bad.Pos[:2]}
	many := append([]*molecule.Molecule{bad, bad}, slices.Repeat([]*molecule.Molecule{good}, 30)...)
	judger := metrics.Judger{Table: bonds.QM9()}
	judged := judger.JudgeAll(many)
	for name, want := range map[string]int{"a.sdf": 32, "a.xyz": 32, "a.smi": 30, "a.svg": drawn, "b.SDF": 32, "b.sdf.gz": 32, "b.XYZ.GZ": 32} {
		if n, err := Write(filepath.Join(dir, name), many, judged); err != nil || n != want {
			t.Errorf("%s: %d molecules written, want %d (%v)", name, n, want, err)
		}
		if want < 32 {
			continue
		}
		f, err := formats.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for ; err == nil; n++ {
			_, err = f.Read()
		}
		if f.Close(); err != io.EOF || n != want+1 {
			t.Errorf("%s: %d molecules read, %v", name, n-1, err)
		}
	}
	text, err := os.ReadFile(path)
	if n := strings.Count(string(text), "(F): valence 2, allowed 1"); err != nil || n != 2 {
		t.Errorf("%d reasons for 2 molecules in\n%s%v", n, text, err)
	}
}
