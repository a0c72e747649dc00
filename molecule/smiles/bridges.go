package smiles

import "equifm/molecule/chem"

// bridges says of each bond whether it is in no ring (Tarjan, Inf. Process.
// Lett. 2, 160, 1974).
func bridges(s *chem.Structure) []bool {
	bridge := make([]bool, len(s.Bonds))
	met, low := make([]int, len(s.Atoms)), make([]int, len(s.Atoms))
	clock := 0
	var walk func(i, by int32)
	walk = func(i, by int32) {
		clock++
		met[i], low[i] = clock, clock
		for _, h := range s.Around(i) {
			if h.Bond == by {
				continue
			}
			if met[h.Atom] == 0 {
				walk(h.Atom, h.Bond)
				bridge[h.Bond] = low[h.Atom] > met[i]
			}
			low[i] = min(low[i], low[h.Atom])
		}
	}
	for i := range int32(len(s.Atoms)) {
		if met[i] == 0 {
			walk(i, -1)
		}
	}
	return bridge
}
