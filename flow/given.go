package flow

import (
	"fmt"
	"math"
	"math/rand/v2"

	"equifm/autograd"
	"equifm/flow/internal/rows"
	"equifm/flow/schedule"
)

// Given is what of a molecule is known before it is made: types of atoms, or types and
// places. What is given takes the path without noise, xt = α·x₀, ht = α·h₀, and ends where
// it is. That would fade with the noise, so the network sees h₀ itself at every time, and
// places as √(α²+σ²)·x₀, as wide as what is made is there, and near the data where the
// path has them. It is also told which atoms those are, in the last two columns of its
// context.
//
// Given places are in the frame that has their centre at the origin: where the centre of
// the molecule will lie nobody knows. Noise of the atoms that are to be made is normal
// about it, with no mean taken off, and from what the network answers the mean over the
// given atoms is taken off, in place of that over all. All of it turns with the places.
type Given[T autograd.Float] struct {
	State[T]        // (N, 3), Å, in any frame; (N, F); read where Told says so
	Told     []Told // (N)
}

// Told says what of an atom is given.
type Told uint8

const (
	TypeTold  Told = 1 << iota // its features
	PlaceTold                  // its position
)

// toldColumns is how many columns of the context, the last ones, say of an atom whether
// its features and its place are given: 1, or 0.
const toldColumns = 2

// Shares are how many of the training molecules, 0 to 1, are shown with something given.
type Shares struct {
	Types float64 // the features of all atoms
	Parts float64 // features and places of a connected part
}

// any says whether there are such molecules.
func (s Shares) any() bool { return s.Types > 0 || s.Parts > 0 }

// check returns an error for shares that are none, or for a context without room to tell.
func (s Shares) check(context int) error {
	if !(s.Types >= 0 && s.Types <= 1) || !(s.Parts >= 0 && s.Parts <= 1) {
		return fmt.Errorf("flow: shares %v of molecules with given types and %v with a given part, expected 0 to 1", s.Types, s.Parts)
	}
	if s.any() && context < toldColumns {
		return fmt.Errorf("flow: examples with %d context values, expected %d zeros at their end where what is given can be told", context, toldColumns)
	}
	return nil
}

// told is what of the molecules at hand is given; nothing where of is nil.
type told[T autograd.Float] struct {
	of   []Told   // (N)
	data State[T] // (N, 3), (N, F), places about their centre
}

// tell writes into the conditions (N, 1+C) what of every atom is given.
func tell[T autograd.Float](of []Told, cond []T) {
	if len(of) == 0 {
		return
	}
	width := len(cond) / len(of)
	for i, what := range of {
		flags := cond[(i+1)*width-toldColumns : (i+1)*width]
		flags[0], flags[1] = T(what&TypeTold), T(what&PlaceTold>>1)
	}
}

// placed returns how many places are given, and their centre, Å.
func placed[T autograd.Float](x []T, of []Told) (n int, centre [3]float64) {
	for i, what := range of {
		if what&PlaceTold != 0 {
			n++
			for k := range 3 {
				centre[k] += float64(x[3*i+k])
			}
		}
	}
	for k := range centre {
		centre[k] /= float64(max(n, 1))
	}
	return n, centre
}

// move adds a vector times a sign to the rows of x (N, 3).
func move[T autograd.Float](x []T, by [3]float64, sign float64) {
	for i := range x {
		x[i] = T(float64(x[i]) + sign*by[i%3])
	}
}

// slice returns what is given of n atoms from the first.
func (g told[T]) slice(first, n, features int) told[T] {
	return told[T]{g.of[first : first+n], g.data.slice(first, n, features)}
}

// noise draws the noise of a molecule of which something is given; that of what is given
// is put right where the state is looked at next.
func (g told[T]) noise(rng *rand.Rand, noise State[T]) {
	if n, _ := placed(g.data.X, g.of); n == 0 {
		CentredNormal(rng, noise.X)
	} else {
		Normal(rng, noise.X)
	}
	Normal(rng, noise.H)
}

// still takes the noise of what is given off.
func (g told[T]) still(noise State[T]) {
	features := len(noise.H) / max(len(g.of), 1)
	for i, what := range g.of {
		if what&PlaceTold != 0 {
			clear(noise.X[3*i : 3*i+3])
		}
		if what&TypeTold != 0 {
			clear(noise.H[features*i : features*(i+1)])
		}
	}
}

// settle writes what is given over a state of the same atoms, or over the half of it that
// is not nil.
func (g told[T]) settle(data State[T]) {
	features := len(data.H) / max(len(g.of), 1)
	for i, what := range g.of {
		if what&PlaceTold != 0 && data.X != nil {
			copy(data.X[3*i:3*i+3], g.data.X[3*i:])
		}
		if what&TypeTold != 0 && data.H != nil {
			copy(data.H[features*i:features*(i+1)], g.data.H[features*i:])
		}
	}
}

// flags returns 1 for the atoms of which that is given, and 0, (N).
func (g told[T]) flags(t *autograd.Tape[T], what Told) []T {
	flags := t.Slice(len(g.of))
	for i, of := range g.of {
		if flags[i] = 0; of&what != 0 {
			flags[i] = 1
		}
	}
	return flags
}

// at is what is given at its molecules' times, on the path without noise: α·x₀ and α·h₀;
// or with another weight of the data.
func (g told[T]) at(t *autograd.Tape[T], p Path, times []float64, sizes []int, weight func(schedule.Coefficients) float64) State[T] {
	at := State[T]{t.Slice(len(g.data.X)), t.Slice(len(g.data.H))}
	first, features := 0, len(g.data.H)/max(len(g.of), 1)
	for m, n := range sizes {
		to, data := at.slice(first, n, features), g.data.slice(first, n, features)
		scale(to.X, weight(p.X.At(times[m])), data.X)
		for _, s := range spansOf(p, data) {
			share := weight(s.At(times[m]))
			s.each(func(from, to2 int) { scale(to.H[from:to2], share, data.H[from:to2]) })
		}
		first += n
	}
	return at
}

// show is what a network is shown of molecules of which something is given.
func (g told[T]) show(t *autograd.Tape[T], o Output, p Path, times []float64, sizes []int, at State[T], cond []T) (State[T], []T) {
	if g.of == nil {
		return show(t, o, p, times, sizes, at, cond)
	}
	own := State[T]{t.Slice(len(at.X)), t.Slice(len(at.H))}
	copy(own.X, at.X)
	told[T]{g.of, g.at(t, p, times, sizes, func(c schedule.Coefficients) float64 { return math.Hypot(c.Alpha, c.Sigma) })}.settle(State[T]{X: own.X})
	seen, cond := show(t, o, p, times, sizes, State[T]{own.X, at.H}, cond)
	copy(own.H, seen.H)
	g.settle(State[T]{H: own.H})
	return State[T]{seen.X, own.H}, cond
}

// predict is Predict, with what is given for the prediction of it.
func (g told[T]) predict(t *autograd.Tape[T], o Output, p Path, times []float64, sizes []int, at State[T], fx, fh *autograd.Tensor[T]) Prediction[T] {
	if g.of == nil {
		return Predict(t, o, p, times, sizes, at, fx, fh)
	}
	places, types := g.flags(t, PlaceTold), g.flags(t, TypeTold)
	q := Predict(t, o, p, times, sizes, at, rows.Centre(t, fx, sizes, places), fh)
	own := g.at(t, p, times, sizes, func(c schedule.Coefficients) float64 { return c.QData })
	q.QX, q.QH = rows.Hold(t, q.QX, places, own.X), rows.Hold(t, q.QH, types, own.H)
	return q
}
