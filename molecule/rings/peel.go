package rings

// peel searches rings from atoms of degree two, then cuts these atoms off; when
// there are none it searches from one of degree three: Figueras's scheme, and
// the main loop of RDKit's findSSSR.
func (f *Finder) peel() error {
	f.nFinished = 0
	for f.nFinished < len(f.fragAtoms) {
		f.trimLoose()
		if twos := f.pickTwos(); len(twos) > 0 {
			f.fromTwos(twos)
			for _, i := range twos {
				f.finish(i)
			}
			continue
		}
		if f.nFinished >= len(f.fragAtoms) {
			break
		}
		three := int32(-1)
		for _, i := range f.fragAtoms {
			if f.degree[i] == 3 {
				three = i
				break
			}
		}
		if three < 0 {
			break
		}
		if err := f.fromThree(three); err != nil {
			return err
		}
		f.finish(three)
	}
	return nil
}

// finish cuts all bonds of atom i.
func (f *Finder) finish(i int32) {
	f.finished[i] = true
	f.nFinished++
	f.loose = f.trim(i, f.loose)
}

func (f *Finder) trimLoose() {
	for len(f.loose) > 0 {
		i := f.loose[len(f.loose)-1]
		f.loose = f.loose[:len(f.loose)-1]
		if !f.finished[i] {
			f.finish(i)
		}
	}
}

// trim cuts the live bonds of atom i and appends the neighbours that this leaves
// with at most one to loose: RDKit's trimBonds.
func (f *Finder) trim(i int32, loose []int32) []int32 {
	for _, h := range f.links.Around(i) {
		if !f.live[h.Bond] {
			continue
		}
		if f.degree[h.Atom] <= 2 {
			loose = append(loose, h.Atom)
		}
		f.live[h.Bond] = false
		f.degree[h.Atom]--
		f.degree[i]--
	}
	return loose
}
