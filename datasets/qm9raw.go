package datasets

import (
	"archive/tar"
	"bufio"
	"bytes"
	"cmp"
	"compress/bzip2"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"equifm/molecule"
)

// QM9Properties are the properties of a QM9 molecule in the order of its
// file's second line, with their units (Eh = 27.2114 eV).
var QM9Properties = [...]struct{ Key, Unit string }{
	{"A", "GHz"}, {"B", "GHz"}, {"C", "GHz"}, {"mu", "D"}, {"alpha", "a0^3"},
	{"homo", "Eh"}, {"lumo", "Eh"}, {"gap", "Eh"}, {"r2", "a0^2"}, {"zpve", "Eh"},
	{"U0", "Eh"}, {"U", "Eh"}, {"H", "Eh"}, {"G", "Eh"}, {"Cv", "cal/mol/K"},
}

// loadQM9Archive reads dsgdb9nsd.xyz.tar.bz2 as published.
func loadQM9Archive(path string) ([]molecule.Molecule, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readQM9Archive(f, path)
}

func readQM9Archive(f io.Reader, path string) ([]molecule.Molecule, error) {
	var all qm9Files
	archive := tar.NewReader(bzip2.NewReader(bufio.NewReaderSize(f, 1<<20)))
	for {
		head, err := archive.Next()
		if err == io.EOF {
			return all.sorted(), nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if head.Typeflag != tar.TypeReg || filepath.Ext(head.Name) != ".xyz" {
			continue
		}
		if err := all.add(archive, filepath.Join(path, head.Name)); err != nil {
			return nil, err
		}
	}
}

// loadQM9Folder reads a folder of QM9's files.
func loadQM9Folder(path string) ([]molecule.Molecule, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var all qm9Files
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".xyz" {
			continue
		}
		name := filepath.Join(path, e.Name())
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		err = all.add(f, name)
		f.Close()
		if err != nil {
			return nil, err
		}
	}
	return all.sorted(), nil
}

// qm9Files gathers the molecules of QM9 that are not left out.
type qm9Files struct {
	mols  []molecule.Molecule
	gdb   []int
	names [qm9Size + 1]string // the file that has an id
	read  int                 // files with an id of their own
	buf   bytes.Buffer
}

// maxQM9File bounds one molecule's file; the largest of QM9 has 4 kB.
const maxQM9File = 1 << 16

func (q *qm9Files) add(r io.Reader, name string) error {
	q.buf.Reset()
	if n, err := q.buf.ReadFrom(io.LimitReader(r, maxQM9File+1)); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	} else if n > maxQM9File {
		return fmt.Errorf("%s: expected a file of one molecule, found more than %d bytes", name, maxQM9File)
	}
	m, gdb, err := parseQM9(q.buf.String(), name)
	if err != nil {
		return err
	}
	if before := q.names[gdb]; before != "" {
		return fmt.Errorf("%s:2: expected an id that is new, found %d, which is that of %s too", name, gdb, before)
	}
	q.names[gdb] = name
	q.read++
	split := QM9Split(gdb)
	if split == "" {
		return nil
	}
	m.SetProperty("split", split)
	q.mols = append(q.mols, *m)
	q.gdb = append(q.gdb, gdb)
	return nil
}

// sorted returns the molecules in the order of their ids, whatever the order
// of the files.
func (q *qm9Files) sorted() []molecule.Molecule {
	order := make([]int, len(q.gdb))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(q.gdb[a], q.gdb[b]) })
	mols := make([]molecule.Molecule, len(order))
	for k, i := range order {
		mols[k] = q.mols[i]
	}
	return mols
}

// parseQM9 reads one file of QM9:
//
//	N
//	gdb i <tab> A B C mu alpha homo lumo gap r2 zpve U0 U H G Cv
//	El x y z charge        N times: Å, Mulliken charge in e; tabs between
//	frequencies, SMILES and InChI, three lines, which are passed over
//
// with exponents as Mathematica writes them, 1.2*^-5.
func parseQM9(text, name string) (*molecule.Molecule, int, error) {
	rows := strings.Split(strings.ReplaceAll(text, "*^", "e"), "\n")
	at := func(line int, format string, a ...any) error {
		return fmt.Errorf("%s:%d: %w", name, line, fmt.Errorf(format, a...))
	}
	n, err := strconv.Atoi(strings.TrimSpace(rows[0]))
	if err != nil || n < 1 {
		return nil, 0, at(1, "expected an atom count, found %.40q", rows[0])
	}
	for len(rows) > 1 && strings.TrimSpace(rows[len(rows)-1]) == "" {
		rows = rows[:len(rows)-1]
	}
	if len(rows)-2 < n {
		return nil, 0, at(len(rows), "expected %d atom lines, found the end of the file", n)
	}
	if len(rows) != n+5 {
		return nil, 0, at(len(rows), "expected %d lines, for %d atoms and the lines of counts, properties, frequencies, SMILES and InChI; found %d", n+5, n, len(rows))
	}
	m := &molecule.Molecule{Elements: make([]molecule.Element, n), Pos: make([][3]float64, n)}
	gdb, err := parseQM9Properties(m, rows[1])
	if err != nil {
		return nil, 0, at(2, "%w", err)
	}
	for i, row := range rows[2 : 2+n] {
		if err := parseQM9Atom(m, i, row); err != nil {
			return nil, 0, at(3+i, "%w", err)
		}
	}
	return m, gdb, nil
}

func parseQM9Properties(m *molecule.Molecule, row string) (gdb int, err error) {
	words := strings.Fields(row)
	if len(words) != 2+len(QM9Properties) || words[0] != "gdb" {
		return 0, fmt.Errorf("expected gdb, an id and %d properties, found %.60q", len(QM9Properties), row)
	}
	if gdb, err = strconv.Atoi(words[1]); err != nil || gdb < 1 || gdb > qm9Size {
		return 0, fmt.Errorf("expected an id between 1 and %d, found %q", qm9Size, words[1])
	}
	m.Properties = make([]molecule.Property, 0, 2+len(QM9Properties))
	m.SetProperty("gdb", strings.Clone(words[1])) // of a text that need not stay
	for k, p := range QM9Properties {
		if _, err := decimal(words[2+k]); err != nil {
			return 0, fmt.Errorf("%s: %w", p.Key, err)
		}
		m.SetProperty(p.Key, strings.Clone(words[2+k]))
	}
	return gdb, nil
}

func parseQM9Atom(m *molecule.Molecule, i int, row string) error {
	words := strings.Fields(row)
	if len(words) != 5 {
		return fmt.Errorf("expected an element, x, y, z and a charge, found %.60q", row)
	}
	e, ok := molecule.ParseElement(words[0])
	if !ok {
		return fmt.Errorf("unknown element %q", words[0])
	}
	m.Elements[i] = e
	for k := range m.Pos[i] {
		v, err := decimal(words[1+k])
		if err != nil {
			return fmt.Errorf("coordinates: %w", err)
		}
		m.Pos[i][k] = v
	}
	return nil
}

// decimal reads a finite number without what strconv knows besides: hexadecimal
// numbers, underscores, infinities and NaN.
func decimal(word string) (float64, error) {
	v, err := strconv.ParseFloat(word, 64)
	if err != nil || math.IsInf(v, 0) || strings.Trim(word, "0123456789.+-eE") != "" {
		return 0, fmt.Errorf("expected a finite number, found %.40q", word)
	}
	return v, nil
}
