package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"equifm/cmd/internal/files"
	"equifm/molecule"
)

// trajectory keeps how molecules come about: their states at every evaluation of the
// network, the elements those that stand out at the time, and in the end the molecules.
type trajectory struct {
	mu     sync.Mutex
	frames map[int][]*molecule.Molecule // by molecule
}

// watch keeps a state.
func (tr *trajectory) watch(index int, t float64, m *molecule.Molecule) error {
	m.Name = fmt.Sprintf("molecule %d", index+1)
	m.SetProperty("t", strconv.FormatFloat(t, 'g', 6, 64))
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if tr.frames == nil {
		tr.frames = map[int][]*molecule.Molecule{}
	}
	tr.frames[index] = append(tr.frames[index], m)
	return nil
}

// write writes molecule after molecule, each from noise to data.
func (tr *trajectory) write(path string) error {
	var all []*molecule.Molecule
	for _, index := range slices.Sorted(maps.Keys(tr.frames)) {
		all = append(all, tr.frames[index]...)
	}
	_, err := files.Write(path, all, nil)
	return err
}
