package datasets

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"equifm/molecule"
	"equifm/molecule/formats"
)

// loadFolder reads the molecules of a folder's files of XYZ and SDF, in the order of the
// files' names; what has another ending is passed over. QM9's own files are known by
// their second lines, and read as such.
func loadFolder(path string) (mols []molecule.Molecule, err error) {
	entries, err := os.ReadDir(path) // sorted by name
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := filepath.Join(path, e.Name())
		if e.IsDir() || !holdsMolecules(name) {
			continue
		}
		if len(mols) == 0 && isQM9(name) {
			return loadQM9Folder(path)
		}
		some, err := loadFile(name)
		if err != nil {
			return nil, err
		}
		mols = append(mols, some...)
	}
	if len(mols) == 0 {
		return nil, fmt.Errorf("%s: expected files that end in .xyz, .extxyz, .sdf, .sd or .mol, or these and .gz, found none with a molecule", path)
	}
	return mols, nil
}

// holdsMolecules says whether a file of a folder is one to read, by its ending.
func holdsMolecules(name string) bool {
	name = strings.ToLower(name)
	format, _ := formats.FormatOf(name)
	return (format == "xyz" || format == "sdf") && !strings.HasSuffix(strings.TrimSuffix(name, ".gz"), ".txt") // a text beside them it may well be
}

// isQM9 says whether a file is one of QM9 as published: "gdb" and an id in its second line.
func isQM9(name string) bool {
	f, err := os.Open(name)
	if err != nil || filepath.Ext(name) != ".xyz" {
		return false
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Scan()
	lines.Scan()
	words := strings.Fields(lines.Text())
	return len(words) == 2+len(QM9Properties) && words[0] == "gdb"
}
