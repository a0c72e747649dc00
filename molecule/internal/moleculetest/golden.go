package moleculetest

import (
	"io"
	"path/filepath"
	"runtime"
	"testing"

	"equifm/molecule"
	"equifm/molecule/formats"
)

// Golden returns the 1,500 molecules of testdata/golden/molecules.xyz, which are
// noisy, swapped, merged and scaled on purpose.
func Golden(t testing.TB) (all []*molecule.Molecule) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	f, err := formats.Open(filepath.Join(filepath.Dir(here), "../../../testdata/golden/molecules.xyz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for {
		m, err := f.Read()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
}
