package page_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"equifm/cmd/internal/page"
	"equifm/cmd/internal/report"
	"equifm/molecule"
	"equifm/molecule/bonds"
)

// A page of one molecule, as from a file.
func Example() {
	dir, err := os.MkdirTemp("", "page")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	water := &molecule.Molecule{Elements: []molecule.Element{8, 1, 1}, Pos: [][3]float64{{0, 0, 0.117}, {0, 0.757, -0.471}, {0, -0.757, -0.471}}}
	sample := report.Slice{water}
	e, g := report.New(bonds.QM9(), 1, nil), page.NewGallery(bonds.QM9(), molecule.QM9Elements())
	if err := e.Read(g.Reading(&sample), g.Judged); err != nil {
		fmt.Println(err)
		return
	}
	if err := page.Write(context.Background(), filepath.Join(dir, "water.html"), page.Source{Title: "water", Report: e.Report(nil), Shapes: e.Shapes, Gallery: g}); err != nil {
		fmt.Println(err)
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, entry := range entries {
		fmt.Println(entry.Name())
	}
	// Output:
	// water.csv
	// water.html
}
