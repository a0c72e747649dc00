package datasets

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"equifm/molecule"
	"equifm/molecule/formats"
)

func TestLaws(t *testing.T) {
	t.Run("a set that is written and loaded is the same", loadInvertsWrite)
	t.Run("splits and halves share out the molecules", splitsShareOut)
}

// splitsShareOut: every molecule is in one split, every training molecule in
// one half, and no gdb id comes twice.
func splitsShareOut(t *testing.T) {
	s, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	first, second := s.Halves()
	seen := map[string]int{}
	for _, part := range [][]molecule.Molecule{first, second, s.Split("valid"), s.Split("test")} {
		for i := range part {
			gdb, _ := part[i].Property("gdb")
			seen[gdb]++
		}
	}
	if len(seen) != len(s.Molecules) {
		t.Errorf("the parts hold %d ids of %d molecules", len(seen), len(s.Molecules))
	}
	for gdb, n := range seen {
		if n != 1 {
			t.Errorf("gdb %s is in %d parts", gdb, n)
		}
	}
}

func loadInvertsWrite(t *testing.T) {
	s, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.xyz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := formats.NewXYZWriter(f)
	for i := range s.Molecules[:500] {
		if err := w.Write(&s.Molecules[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := newSet("a.xyz", s.Molecules[:500]); !reflect.DeepEqual(got, want) {
		t.Error("the set read differs from the set written")
	}
}

func TestLoadWithoutSplitsIsTrain(t *testing.T) {
	path := write(t, "a.xyz", "1\n\nH 0 0 0\n2\n\nH 0 0 0\nH 0 0 1\n")
	s, err := Load(path)
	if err != nil || len(s.Split("train")) != 2 || s.Split("valid") != nil {
		t.Errorf("got %+v (%v)", s, err)
	}
}

func TestLoadErrors(t *testing.T) {
	for name, text := range map[string]string{
		"empty.xyz": "\n", "bad.xyz": "1\n\nH 0 0\n", "a.pdb": "", "bad.tar.bz2": "BZh9 no",
	} {
		if _, err := Load(write(t, name, text)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if _, err := Load(filepath.Join(t.TempDir(), "absent.xyz")); err == nil {
		t.Error("an absent file gave no error")
	}
	if _, err := Load(t.TempDir()); err == nil {
		t.Error("an empty folder gave no error")
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// methane is QM9's first file; acetylene its fourth, with an exponent as
// Mathematica writes it.
const (
	methane = "5\n" +
		"gdb 1\t157.7118\t157.70997\t157.70699\t0.\t13.21\t-0.3877\t0.1171\t0.5048\t35.3641\t0.044749\t-40.47893\t-40.476062\t-40.475117\t-40.498597\t6.469\t\n" +
		"C\t-0.0126981359\t 1.0858041578\t 0.0080009958\t-0.535689\n" +
		"H\t 0.002150416\t-0.0060313176\t 0.0019761204\t 0.133921\n" +
		"H\t 1.0117308433\t 1.4637511618\t 0.0002765748\t 0.133922\n" +
		"H\t-0.540815069\t 1.4475266138\t-0.8766437152\t 0.133923\n" +
		"H\t-0.5238136345\t 1.4379326443\t 0.9063972942\t 0.133923\n" +
		"1341.307\t1341.3284\t1341.365\nC\tC\t\nInChI=1S/CH4/h1H4\tInChI=1S/CH4/h1H4\n"
	acetylene = "4\n" +
		"gdb 4\t0.\t35.6100361\t35.6100361\t0.\t16.28\t-0.2845\t0.0506\t0.3351\t59.5248\t0.026841\t-77.308427\t-77.305527\t-77.304583\t-77.327429\t8.574\t\n" +
		"C\t 0.5995394918\t 2.1997*^-6\t 1.\t-0.207019\n" +
		"C\t-0.5995394918\t-2.1997*^-6\t 1.\t-0.207019\n" +
		"H\t-1.6616385861\t 0.\t 1.\t 0.207019\n" +
		"H\t 1.6616385861\t 0.\t 1.\t 0.207019\n" +
		"549.7648\nC#C\tC#C\nInChI=1S/C2H2/c1-2/h1-2H\tInChI=1S/C2H2/c1-2/h1-2H\n"
)

// The archive (testdata/qm9-raw.tar.bz2: files 4, 58 and 1 in this order and a
// text file, packed by Python's tarfile) and a folder give the same: molecules
// in the order of their ids without 58, which failed the consistency check.
func TestLoadQM9Raw(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "QM9 [raw]") // not a pattern
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"dsgdb9nsd_000004.xyz": acetylene, "dsgdb9nsd_000001.xyz": methane,
		"dsgdb9nsd_000058.xyz": strings.Replace(methane, "gdb 1\t", "gdb 58\t", 1),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	folder, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	archive, err := Load(filepath.Join("testdata", "qm9-raw.tar.bz2"))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(folder.Molecules, archive.Molecules) {
		t.Errorf("folder %+v, archive %+v", folder.Molecules, archive.Molecules)
	}
	if len(archive.Molecules) != 2 {
		t.Fatalf("read %d molecules, want 2", len(archive.Molecules))
	}
	m := archive.Molecules[1]
	if m.Pos[1] != [3]float64{-0.5995394918, -2.1997e-6, 1} || m.Elements[3] != molecule.H {
		t.Errorf("acetylene: %+v", m)
	}
	for key, want := range map[string]string{"gdb": "4", "split": "train", "A": "0.", "alpha": "16.28", "gap": "0.3351", "Cv": "8.574"} {
		if got, _ := m.Property(key); got != want {
			t.Errorf("acetylene: %s = %q, want %q", key, got, want)
		}
	}
}

func TestFaultQM9RawErrorsNameTheLine(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"5\n", "five\n", "m.xyz:1: expected an atom count"},
		{"5\n", "1000000000\n", "expected 1000000000 atom lines"},
		{"gdb 1\t", "gab 1\t", "m.xyz:2: expected gdb"},
		{"gdb 1\t", "gdb 1\t7\t", "m.xyz:2: expected gdb, an id and 15"},
		{"gdb 1\t", "gdb 133886\t", "m.xyz:2: expected an id"},
		{"\t 1.0117308433", "\tNaN", "m.xyz:5: coordinates: expected a finite number, found \"NaN\""},
		{"5\n", "4\n", "m.xyz:10: expected 9 lines, for 4 atoms"},
		{"5\n", "6\n", "m.xyz:10: expected 11 lines, for 6 atoms"},
		{"1341.307", "1341.307\n", "m.xyz:11: expected 10 lines, for 5 atoms"},
		{"0.0019761204", "0x1p-9", "m.xyz:4: coordinates: expected a finite number, found \"0x1p-9\""},
		{"0.0019761204", "1_0", "expected a finite number"},
		{"13.21", "Inf", "m.xyz:2: alpha: expected a finite number, found \"Inf\""},
		{"\t 0.133921", "", "m.xyz:4: expected an element"},
		{"H\t 1.01", "Q\t 1.01", "m.xyz:5: unknown element"},
	} {
		_, _, err := parseQM9(strings.Replace(methane, c.from, c.to, 1), "m.xyz")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q for %q: error %v, want %q", c.to, c.from, err, c.want)
		}
	}
}

// An id that two files have is not counted twice.
func TestFaultQM9IdTwice(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.xyz", "b.xyz"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(methane), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "b.xyz")+":2: expected an id that is new, found 1, which is that of "+filepath.Join(dir, "a.xyz")) {
		t.Errorf("error %v", err)
	}
}

// Whatever the text, a file of QM9 is a molecule or an error; never a panic.
func FuzzQM9(f *testing.F) {
	for _, text := range []string{methane, acetylene, "", "\n", "1000000000\n\n", "-1\ngdb 1\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		m, gdb, err := parseQM9(text, "f.xyz")
		if err != nil {
			return
		}
		if gdb < 1 || gdb > qm9Size || m.Len() < 1 || len(m.Pos) != m.Len() {
			t.Errorf("%q: id %d, %d atoms", text, gdb, m.Len())
		}
	})
}

// Whatever an archive holds, it is molecules of QM9 or an error that names it.
func FuzzQM9Archive(f *testing.F) {
	good, err := os.ReadFile(filepath.Join("testdata", "qm9-raw.tar.bz2"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[:len(good)/2])
	f.Add([]byte("BZh9"))
	f.Fuzz(func(t *testing.T, archive []byte) {
		mols, err := readQM9Archive(bytes.NewReader(archive), "a.tar.bz2")
		if err != nil && !strings.Contains(err.Error(), "a.tar.bz2") {
			t.Error(err)
		}
		for i := range mols {
			if split, _ := mols[i].Property("split"); split == "" {
				t.Errorf("molecule %d has no split", i)
			}
		}
	})
}
