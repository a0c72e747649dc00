package config

import (
	"fmt"
	"slices"

	"equifm/datasets"
	"equifm/flow/schedule"
)

// The keys that take one word of a few have a type that reads it, in flow and eot
// or here. Its UnmarshalText knows all the words: files, flags and checkpoints are
// read by it, and Check asks it again.

// Elements names the set of elements that the network knows.
type Elements string

const (
	QM9  Elements = "qm9"  // H C N O F
	GEOM Elements = "geom" // the 16 of GEOM-Drugs
)

// UnmarshalText returns an error for a set that is not known.
func (e *Elements) UnmarshalText(word []byte) error { return choose(e, word, QM9, GEOM) }

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
