package rings

import (
	"equifm/molecule"
	"equifm/molecule/internal/scratch"
)

// Find fills Rings, BondUses and AtomUses for the graph of these bonds. It is
// RDKit's symmetrizeSSSR(findSSSR(…)): the order of atoms and bonds counts where
// equals compete. The error, if any, is an *Error.
func (f *Finder) Find(links *molecule.Links, bonds []molecule.Bond) error {
	f.reset(links, bonds)
	count := links.Fragments(f.label, &f.fragAtoms)
	if len(bonds)-links.Len()+count > 0 {
		for c := range int32(count) {
			ok, err := f.fragment(c)
			if err != nil {
				return err
			}
			if !ok {
				f.Rings = f.Rings[:0]
				f.anyCycles()
				break
			}
		}
		f.symmetrise()
	}
	f.countUses()
	return nil
}

func (f *Finder) reset(links *molecule.Links, bonds []molecule.Bond) {
	n, m := links.Len(), len(bonds)
	f.links, f.ends = links, bonds
	f.Rings, f.extras, f.pool = f.Rings[:0], f.extras[:0], f.pool[:0]
	f.words = (n + 63) / 64
	f.degree, f.finished = scratch.Resize(f.degree, n), scratch.Resize(f.finished, n)
	f.ringAtoms, f.label = scratch.Resize(f.ringAtoms, n), scratch.Resize(f.label, n)
	f.live, f.ringBonds = scratch.Resize(f.live, m), scratch.Resize(f.ringBonds, m)
	clear(f.finished)
	clear(f.ringAtoms)
	clear(f.ringBonds)
	for i := range f.degree {
		f.degree[i] = int32(links.Degree(int32(i)))
	}
	for b := range f.live {
		f.live[b] = true
	}
}

// fragment finds the smallest rings of one connected part; ok is false when
// fewer turn up than must be there.
func (f *Finder) fragment(c int32) (ok bool, err error) {
	f.fragAtoms = f.fragAtoms[:0]
	halves := 0
	f.loose = f.loose[:0]
	for i := range f.label {
		if f.label[i] != c {
			continue
		}
		f.fragAtoms = append(f.fragAtoms, int32(i))
		halves += int(f.degree[i])
		if f.degree[i] < 2 {
			f.loose = append(f.loose, int32(i))
		}
	}
	bonds := halves / 2
	want := bonds - len(f.fragAtoms) + 1 // the cyclomatic number
	if len(f.fragAtoms) < 3 || want < 1 {
		return true, nil
	}
	f.found, f.keys = f.found[:0], f.keys[:0]
	if err := f.peel(); err != nil {
		return false, err
	}
	if len(f.found) < want {
		if err := f.addDetours(bonds); err != nil {
			return false, err
		}
		if len(f.found) < want {
			return false, nil
		}
	}
	if len(f.found) > want {
		f.dropExtras()
	}
	f.Rings = append(f.Rings, f.found...)
	return true, nil
}
