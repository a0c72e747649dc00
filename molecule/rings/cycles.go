package rings

// anyCycles puts into Rings one cycle for every back edge of a depth-first walk:
// RDKit's fastFindRings, to which it falls back when its search comes up short.
func (f *Finder) anyCycles() {
	colour := make([]uint8, f.links.Len())
	var path []int32
	var walk func(i, from int32)
	walk = func(i, from int32) {
		colour[i] = grey
		path = append(path, i)
		for _, h := range f.links.Around(i) {
			switch colour[h.Atom] {
			case white:
				if f.links.Degree(h.Atom) < 2 {
					colour[h.Atom] = black
				} else {
					walk(h.Atom, i)
				}
			case grey:
				if from >= 0 && h.Atom != from {
					lo := len(f.pool)
					for k := len(path) - 1; path[k] != h.Atom; k-- {
						f.pool = append(f.pool, path[k])
					}
					f.pool = append(f.pool, h.Atom)
					f.Rings = append(f.Rings, Ring{int32(lo), int32(len(f.pool))})
				}
			}
		}
		colour[i] = black
		path = path[:len(path)-1]
	}
	for i := range int32(f.links.Len()) {
		if colour[i] == white && f.links.Degree(i) >= 2 {
			walk(i, -1)
		}
	}
}
