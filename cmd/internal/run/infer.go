package run

import (
	"fmt"
	"strings"

	"equifm/cmd/internal/checkpoint"
	"equifm/datasets"
	"equifm/egnn/trained/config"
	"equifm/molecule"
)

// know settles what the configuration leaves to the data, and says what that is.
func (r *Run) know(molecules, valid []molecule.Molecule) {
	if r.Config.Data.Vocabulary != config.Auto {
		return
	}
	r.Config = r.Config.Know(datasets.ElementsOf(append(molecules[:len(molecules):len(molecules)], valid...)))
	v, channels := r.Config.Vocabulary(), "a channel for each"
	if v.AtomicNumber {
		channels += ", and one for Z"
	}
	least, most := datasets.SizeHistogram(molecules).Range()
	fmt.Fprintf(r.screen, "%d molecules of %d to %d atoms, of the elements %s: %s\n", len(molecules), least, most, r.Config.Data.Vocabulary, channels)
	if pairs := byRadii(r.Config); len(pairs) > 0 {
		fmt.Fprintf(r.screen, "note: no length of these bonds is published, they are judged by covalent radii: %s\n", strings.Join(pairs, " "))
	}
	if charged := charges(molecules); charged > 0 {
		fmt.Fprintf(r.screen, "note: %d molecules have a charge, which the network is not told: bonds and valences are judged without\n", charged)
	}
}

// knowSizes settles what the configuration leaves to the sizes of the molecules.
func (r *Run) knowSizes(sizes datasets.Histogram) {
	if r.Config.Network.NormFactor != 0 {
		return
	}
	r.Config = r.Config.KnowSizes(sizes)
	if factor := r.Config.Network.NormFactor; factor > 1 && r.Config.From.NormFactor == 0 { // sayTaken says the other
		fmt.Fprintf(r.screen, "%.1f atoms on average: what an atom hears from the others is divided by %g, to be no more than in QM9 (network.normalization_factor)\n", sizes.Mean(), factor)
	}
}

// byRadii lists the pairs of a vocabulary's elements whose bonds are judged by covalent
// radii, an element with all others as "Se-*".
func byRadii(c config.Config) (pairs []string) {
	table, elements := c.Bonds(), c.Vocabulary().Elements
	whole := map[molecule.Element]bool{}
	for _, a := range elements {
		whole[a] = true
		for _, b := range elements {
			whole[a] = whole[a] && table.ByRadii(a, b)
		}
		if whole[a] {
			pairs = append(pairs, a.String()+"-*")
		}
	}
	for i, a := range elements {
		for _, b := range elements[i:] {
			if table.ByRadii(a, b) && !whole[a] && !whole[b] {
				pairs = append(pairs, a.String()+"-"+b.String())
			}
		}
	}
	return pairs
}

// charges counts the molecules that say that they have a charge: by a property of
// that name, or by charges of their atoms that do not cancel.
func charges(molecules []molecule.Molecule) (n int) {
	for i := range molecules {
		v, ok := molecules[i].Property("charge")
		if ok && strings.Trim(v, "+-0. ") != "" || molecules[i].Stated != nil && molecules[i].Stated.Charge() != 0 {
			n++
		}
	}
	return n
}

// sayTaken says what of another model the run has taken over.
func (r *Run) sayTaken(name string, t checkpoint.Taken) {
	list := func(elements []molecule.Element) string { return strings.Trim(fmt.Sprint(elements), "[]") }
	fmt.Fprintf(r.screen, "starting at the weights of %s, %d parameters after %d steps: all of its layers, and what belongs to the elements %s\n",
		name, len(t.Model.Average), t.Model.Step, list(t.Kept))
	if len(t.New) > 0 {
		fmt.Fprintf(r.screen, "%s is new to it: weights of zero, in and out\n", list(t.New))
	}
	if t.Told {
		fmt.Fprintln(r.screen, "what of a molecule is given is new to it: weights of zero, in and out")
	}
	if len(t.Left) > 0 {
		fmt.Fprintf(r.screen, "%s is left behind, since the data have none (data.vocabulary names what to keep)\n", list(t.Left))
	}
	if was, is := t.Model.Config.Network.NormFactor, r.Config.Network.NormFactor; is != was {
		_, known := t.Model.Sizes.Range()
		_, most := r.Model.Sizes.Range()
		fmt.Fprintf(r.screen, "of up to %d atoms, where it knows up to %d: what an atom hears from the others is divided by %g, and was by %g (network.normalization_factor)\n", most, known, is, was)
	}
	fmt.Fprintln(r.screen, "new are the optimiser, the sizes that are drawn, and the count of steps")
}
