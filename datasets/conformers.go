package datasets

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"equifm/molecule"
)

// Conformers are the molecules of an array as EDM's preparation of GEOM-Drugs writes it
// (build_geom_dataset.py of its code): a row an atom, with the number of its conformer,
// Z, x, y and z in Å. They stay in the file: in memory is where each begins, and which
// molecule it is of.
type Conformers struct {
	array *npyArray
	start []int   // (conformers+1) first row of each
	of    []int32 // (conformers) number of the molecule
	count int     // of molecules

	elements [256]bool // that there are
}

// Len returns the number of conformers.
func (c *Conformers) Len() int { return len(c.of) }

// Molecules returns how many molecules they are of.
func (c *Conformers) Molecules() int { return c.count }

// Elements returns the elements that there are, by atomic number.
func (c *Conformers) Elements() []molecule.Element { return listed(&c.elements) }

// Atoms returns the number of atoms of conformer i.
func (c *Conformers) Atoms(i int) int { return c.start[i+1] - c.start[i] }

// Molecule returns the number of the molecule that conformer i is of.
func (c *Conformers) Molecule(i int) int { return int(c.of[i]) }

// Close closes the file.
func (c *Conformers) Close() error { return c.array.file.Close() }

// Buffer is memory for reading, which one goroutine uses again and again.
type Buffer struct {
	bytes  []byte
	values []float64
}

// Read reads conformer i into m, whose memory it uses again. Goroutines may read at
// once, each with a buffer and a molecule of its own.
func (c *Conformers) Read(i int, m *molecule.Molecule, b *Buffer) (err error) {
	n := c.Atoms(i)
	if b.values, b.bytes, err = c.array.read(c.start[i], n, b.values, b.bytes); err != nil {
		return err
	}
	m.Elements, m.Pos = m.Elements[:0], m.Pos[:0]
	for k := 0; k < len(b.values); k += conformerColumns {
		row := b.values[k : k+conformerColumns]
		m.Elements = append(m.Elements, molecule.Element(row[1])) // checked by index
		m.Pos = append(m.Pos, [3]float64(row[2:]))
	}
	return nil
}

// conformerColumns are those of the array: conformer, Z, x, y, z.
const conformerColumns = 5

// OpenConformers opens an array and finds the conformers in it, in one pass. Those that
// follow each other with the same elements in the same order are of one molecule: EDM's
// preparation writes a molecule's conformers one after another. Two molecules in a row
// may so be taken for one, which parts nothing that belongs together. A list of strings
// beside the array, geom_drugs_smiles.txt, says how many molecules there are, or with a
// line for every conformer which.
func OpenConformers(path string) (*Conformers, error) {
	array, err := openNpy(path)
	if err != nil {
		return nil, err
	}
	c := &Conformers{array: array}
	err = c.index()
	if err == nil {
		err = c.named(filepath.Join(filepath.Dir(path), "geom_drugs_smiles.txt"))
	}
	if err != nil {
		array.file.Close()
		return nil, err
	}
	return c, nil
}

// scanRows are read at a time.
const scanRows = 1 << 14

// index finds where conformers begin, and checks every number on the way.
func (c *Conformers) index() error {
	a := c.array
	if a.cols != conformerColumns || a.rows == 0 {
		return fmt.Errorf("%s: an array of %d rows and %d columns, expected the columns conformer, Z, x, y, z", a.name, a.rows, a.cols)
	}
	var b Buffer
	var err error
	last, elements, before := math.NaN(), uint64(0), uint64(0)
	for from := 0; from < a.rows; from += scanRows {
		if b.values, b.bytes, err = a.read(from, min(scanRows, a.rows-from), b.values, b.bytes); err != nil {
			return err
		}
		for k := 0; k < len(b.values); k += conformerColumns {
			row := b.values[k : k+conformerColumns]
			if err := checkAtom(row); err != nil {
				return fmt.Errorf("%s: row %d: %w", a.name, from+k/conformerColumns, err)
			}
			if row[0] != last {
				c.close(elements, &before)
				c.start = append(c.start, from+k/conformerColumns)
				last, elements = row[0], 0
			}
			c.elements[int(row[1])] = true
			elements = (elements ^ uint64(row[1])) * 0x100000001b3 // FNV-1a
			elements ^= elements >> 29
		}
	}
	c.close(elements, &before)
	c.start = append(c.start, a.rows)
	return nil
}

// close ends a conformer of elements with such a sum, after one with another.
func (c *Conformers) close(elements uint64, before *uint64) {
	if len(c.start) == 0 {
		return
	}
	if len(c.of) == 0 || elements != *before {
		c.count++
	}
	c.of, *before = append(c.of, int32(c.count-1)), elements
}

// checkAtom returns an error for a row that is no atom.
func checkAtom(row []float64) error {
	z := row[1]
	if z != math.Trunc(z) || !(z >= 1 && z <= 255) || !molecule.Element(z).Known() {
		return fmt.Errorf("atomic number %v, expected 1 to 118", z)
	}
	for _, v := range row {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%v among conformer, Z, x, y, z, expected finite numbers", v)
		}
	}
	return nil
}

// named holds the molecules against the list of their strings, if there is one.
func (c *Conformers) named(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	lines, byName := 0, map[string]int32{}
	var of []int32
	s := bufio.NewScanner(f)
	for s.Scan() {
		name := strings.TrimSpace(s.Text())
		if name == "" {
			continue
		}
		if lines++; lines > len(c.of) {
			break
		}
		k, known := byName[name]
		if !known {
			k = int32(len(byName))
			byName[name] = k
		}
		of = append(of, k)
	}
	switch {
	case s.Err() != nil:
		return fmt.Errorf("%s: %w", path, s.Err())
	case lines > len(c.of) || lines < c.count:
		return fmt.Errorf("%s has %d strings or more, and %s has %d conformers, in which %d molecules follow each other: it is of another array",
			path, lines, c.array.name, len(c.of), c.count)
	case lines == len(c.of):
		c.of, c.count = of, len(byName)
	}
	return nil
}

// By is what is kept together when conformers are split.
type By int

const (
	ByMolecule  By = iota // all conformers of a molecule
	ByConformer           // nothing, as EDM does: conformers of one molecule are in several splits
)

// splits divides the conformers as EDM does, a tenth "valid", a tenth "test", the rest
// "train", in the order of a permutation: of the molecules, or with ByConformer of the
// conformers, that in geom_permutation.npy beside the array where it is there.
func (c *Conformers) splits(by By) (map[string][]int, error) {
	total := c.count
	if by == ByConformer {
		total = len(c.of)
	}
	perm := numpyPermutation(0, total)
	if by == ByConformer {
		own, err := readPermutation(filepath.Join(filepath.Dir(c.array.name), "geom_permutation.npy"), total)
		if err != nil {
			return nil, err
		}
		if own != nil {
			perm = own
		}
	}
	place := make([]string, total)
	tenth := total / 10
	for k, i := range perm {
		switch {
		case k < tenth:
			place[i] = "valid"
		case k < 2*tenth:
			place[i] = "test"
		default:
			place[i] = "train"
		}
	}
	splits := map[string][]int{}
	for i, m := range c.of {
		at := i
		if by == ByMolecule {
			at = int(m)
		}
		splits[place[at]] = append(splits[place[at]], i)
	}
	return splits, nil
}

// readPermutation reads a permutation of n numbers, nil where there is no file.
func readPermutation(path string, n int) ([]int, error) {
	a, err := openNpy(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer a.file.Close()
	perm, seen := make([]int, 0, n), make([]bool, n)
	values, _, err := a.read(0, a.rows, nil, nil)
	for _, v := range values {
		if i := int(v); err == nil && float64(i) == v && i >= 0 && i < n && !seen[i] {
			perm, seen[i] = append(perm, i), true
		}
	}
	if err == nil && (len(perm) != n || len(values) != n) {
		err = fmt.Errorf("%s: expected a permutation of %d conformers", path, n)
	}
	return perm, err
}
