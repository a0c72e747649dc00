package config

import (
	"fmt"
	"slices"
	"strings"

	"equifm/datasets"
	"equifm/flow/schedule"
	"equifm/molecule"
)

// The keys that take one word of a few have a type that reads it, in flow and eot
// or here. Its UnmarshalText knows all the words: files, flags and checkpoints are
// read by it, and Check asks it again.

// Elements names the elements that the network knows: a set of them, or their symbols,
// as "H C N O Se".
type Elements string

const (
	QM9  Elements = "qm9"  // H C N O F
	GEOM Elements = "geom" // the 16 of GEOM-Drugs
	Auto Elements = "auto" // those of the data, for who reads them to spell out: Config.Know
)

// UnmarshalText returns an error for what is neither a set nor symbols.
func (e *Elements) UnmarshalText(word []byte) error {
	if *e = Elements(word); *e == QM9 || *e == GEOM || *e == Auto {
		return nil
	}
	_, err := e.list()
	return err
}

// list returns the elements of a list of symbols.
func (e Elements) list() (elements []molecule.Element, err error) {
	for _, symbol := range strings.Fields(string(e)) {
		known, ok := molecule.ParseElement(symbol)
		if !ok {
			return nil, fmt.Errorf("%q, expected %s, %s, %s, or symbols of elements, such as \"H C N O Se\": no element is called %q", e, QM9, GEOM, Auto, symbol)
		}
		if slices.Contains(elements, known) {
			return nil, fmt.Errorf("%q names %v twice", e, known)
		}
		elements = append(elements, known)
	}
	if len(elements) == 0 {
		return nil, fmt.Errorf("%q, expected %s, %s, %s, or symbols of elements, such as \"H C N O Se\"", e, QM9, GEOM, Auto)
	}
	return elements, nil
}

// spell returns the list of symbols of elements.
func spell(elements []molecule.Element) Elements {
	return Elements(strings.Trim(fmt.Sprint(elements), "[]"))
}

// Channels names what an atom's features hold.
type Channels string

const (
	Published      Channels = "published"    // as EDM has it: QM9 both, GEOM types
	TypesAndNumber Channels = "types+number" // a channel for every element, and one for Z
	Types          Channels = "types"
	Number         Channels = "number"
)

// UnmarshalText returns an error for channels that are not known.
func (c *Channels) UnmarshalText(word []byte) error {
	return choose(c, word, Published, TypesAndNumber, Types, Number)
}

// Half names a half of the training set, as EDM cuts it (datasets.Set.Halves).
type Half string

const (
	Whole  Half = ""
	First  Half = "first"  // an oracle's
	Second Half = "second" // the model's that it judges
)

// UnmarshalText returns an error for a half that is not known.
func (h *Half) UnmarshalText(word []byte) error { return choose(h, word, Whole, First, Second) }

// SplitBy names what is kept together when an array of GEOM-Drugs is split.
type SplitBy string

const (
	Molecule  SplitBy = "molecule"  // all conformers of a molecule
	Conformer SplitBy = "conformer" // nothing, as EDM does
)

// UnmarshalText returns an error for what is not known.
func (s *SplitBy) UnmarshalText(word []byte) error { return choose(s, word, Molecule, Conformer) }

// Balance names how the molecules of a batch are dealt to its shards.
type Balance string

const (
	Atoms Balance = "atoms" // as many to each, back and forth by size
	Pairs Balance = "pairs" // each to the shard with the fewest pairs of atoms
)

// UnmarshalText returns an error for what is not known.
func (b *Balance) UnmarshalText(word []byte) error { return choose(b, word, Atoms, Pairs) }

// ErrorOf names by what dopri5 holds an error in positions against its tolerance.
type ErrorOf string

const (
	ByNumber ErrorOf = "number" // each coordinate by itself, as SciPy does: steps depend on the axes
	ByAtom   ErrorOf = "atom"   // by the vector of the atom: a turned prior gives the turned sample
)

// UnmarshalText returns an error for what is not known; "" is by number.
func (e *ErrorOf) UnmarshalText(word []byte) error {
	if len(word) == 0 {
		word = []byte(ByNumber)
	}
	return choose(e, word, ByNumber, ByAtom)
}

// Sizes names a range of numbers of atoms, or with "" all.
type Sizes string

// UnmarshalText returns an error for what is no range.
func (s *Sizes) UnmarshalText(word []byte) error {
	if len(word) > 0 {
		if _, err := datasets.ParseRange(string(word)); err != nil {
			return err
		}
	}
	*s = Sizes(word)
	return nil
}

// Property names a property that molecules are made by, or with "" that there is none.
type Property string

// UnmarshalText returns an error for a property that is not known.
func (p *Property) UnmarshalText(word []byte) error {
	if len(word) > 0 {
		if _, err := datasets.QuantityOf(string(word)); err != nil {
			return err
		}
	}
	*p = Property(word)
	return nil
}

// Schedule names a probability path.
type Schedule string

// learned is the schedule that the trainer fits.
const learned = "learned"

// UnmarshalText returns an error for a schedule that is not known.
func (s *Schedule) UnmarshalText(word []byte) error {
	if _, err := schedule.Parse(string(word)); err != nil {
		return err
	}
	*s = Schedule(word)
	return nil
}

// Last names the schedule of the last channel, or with "" that it has none of its own.
type Last string

// UnmarshalText returns an error for what neither is.
func (l *Last) UnmarshalText(word []byte) error {
	var s Schedule
	if len(word) > 0 {
		if err := s.UnmarshalText(word); err != nil {
			return err
		}
	}
	*l = Last(s)
	return nil
}

// Decay names how the learning rate falls.
type Decay string

const (
	Cosine   Decay = "cosine"   // to 0 at the last step, as half a cosine
	Constant Decay = "constant" // not at all, as published
)

// UnmarshalText returns an error for a decay that is not known.
func (d *Decay) UnmarshalText(word []byte) error { return choose(d, word, Cosine, Constant) }

// Optimizer names what turns gradients into steps.
type Optimizer string

const (
	AdamW Optimizer = "adamw" // as published
	Muon  Optimizer = "muon"  // for the hidden matrices, AdamW for the rest
)

// UnmarshalText returns an error for an optimiser that is not known.
func (o *Optimizer) UnmarshalText(word []byte) error { return choose(o, word, AdamW, Muon) }

// choose sets v to a word that is known.
func choose[T ~string](v *T, word []byte, known ...T) error {
	if !slices.Contains(known, T(word)) {
		return fmt.Errorf("%q, expected one of %s", word, list(known))
	}
	*v = T(word)
	return nil
}

// list spells words as "a, b, c".
func list[T ~string](words []T) (text string) {
	for i, w := range words {
		if i > 0 {
			text += ", "
		}
		text += string(w)
	}
	return text
}
