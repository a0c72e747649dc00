package datasets

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"equifm/datasets/chains"
	"equifm/molecule"
	"equifm/molecule/formats"
)

// Set is a data set in memory.
type Set struct {
	Name      string
	Molecules []molecule.Molecule
	Splits    map[string][]int // split → indices into Molecules, ascending

	// Stream has the molecules of a set that stays in its file, nil of one in memory:
	// Molecules are none then, and Splits are of its conformers.
	Stream *Conformers
	Held   int // molecules that HoldOut has held out

	unsplit bool // no molecule says which split it is of
}

// Load reads a data set from a file or folder: QM9 as published from a name
// that ends in .tar.bz2 or from a folder of its .xyz files, a folder of other files
// file by file, anything else as [formats.Open] understands it. The property "split"
// puts a molecule into a split; a set in which no molecule has one is "train"
// altogether, see [Set.HoldOut]. chains:30-100 is no file, but molecules of 30 to 100
// atoms that package chains builds.
func Load(path string) (*Set, error) {
	if sizes, ok := strings.CutPrefix(path, "chains:"); ok {
		return loadChains(path, sizes)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	var mols []molecule.Molecule
	switch {
	case info.IsDir():
		mols, err = loadFolder(path)
	case strings.HasSuffix(path, ".npy"):
		return LoadConformers(path, ByMolecule)
	case strings.HasSuffix(path, ".tar.bz2"):
		mols, err = loadQM9Archive(path)
	default:
		mols, err = loadFile(path)
	}
	if err != nil {
		return nil, err
	}
	if len(mols) == 0 {
		return nil, fmt.Errorf("%s: expected molecules, found none", path)
	}
	return newSet(filepath.Base(path), mols), nil
}

// LoadConformers opens an array of GEOM-Drugs as a set that stays in its file, and splits
// it.
func LoadConformers(path string, by By) (*Set, error) {
	c, err := OpenConformers(path)
	if err != nil {
		return nil, err
	}
	s := &Set{Name: filepath.Base(path), Stream: c}
	if s.Splits, err = c.splits(by); err != nil {
		c.Close()
		return nil, err
	}
	return s, nil
}

// Len returns the number of molecules.
func (s *Set) Len() int {
	if s.Stream != nil {
		return s.Stream.Len()
	}
	return len(s.Molecules)
}

// loadChains builds molecules of a range of sizes.
func loadChains(name, sizes string) (*Set, error) {
	r, err := ParseRange(sizes)
	if err != nil {
		return nil, fmt.Errorf("chains of sizes %w", err)
	}
	mols, err := chains.Set(r.Least, r.Most)
	if err != nil {
		return nil, err
	}
	return newSet(name, mols), nil
}

func loadFile(path string) (mols []molecule.Molecule, err error) {
	f, err := formats.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for {
		m, err := f.Read()
		if err == io.EOF {
			return mols, nil
		}
		if err != nil {
			return nil, err
		}
		mols = append(mols, *m)
	}
}

func newSet(name string, mols []molecule.Molecule) *Set {
	s := &Set{Name: name, Molecules: mols, Splits: map[string][]int{}}
	for i := range mols {
		if split, ok := mols[i].Property("split"); ok {
			s.Splits[split] = append(s.Splits[split], i)
		}
	}
	if s.unsplit = len(s.Splits) == 0; s.unsplit {
		for i := range mols {
			s.Splits["train"] = append(s.Splits["train"], i)
		}
	}
	return s
}

// Split returns the molecules of a split, nil where the set has none. They
// share their atoms with the set. Of a set that stays in its file it is nil.
func (s *Set) Split(name string) []molecule.Molecule {
	return s.pick(s.Splits[name])
}

func (s *Set) pick(idx []int) []molecule.Molecule {
	if len(idx) == 0 || s.Stream != nil {
		return nil
	}
	mols := make([]molecule.Molecule, len(idx))
	for k, i := range idx {
		mols[k] = s.Molecules[i]
	}
	return mols
}
