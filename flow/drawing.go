package flow

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"equifm/autograd"
	"equifm/eot"
	"equifm/flow/internal/part"
	"equifm/nn/parallel"
)

// drawing is what is drawn for a batch, whoever draws it.
type drawing struct {
	seed    uint64
	purpose int // of the random numbers
	poses   int // purpose of the rotations; 0 for data as they are
	step    int
	law     TimeLaw
	drop    float64 // probability that a context is not shown
	given   Shares  // of molecules that are shown with something given
}

// poses returns the purpose by which molecules are rotated, or 0 if they are not.
func (s *Settings) poses(purpose int) int {
	if s.Rotate {
		return purpose
	}
	return 0
}

// pick is a molecule of a batch.
type pick struct {
	place int // in the batch, by which its random numbers are keyed
	index int // in the examples
}

// drawn is a batch that is drawn molecule by molecule. All its memory is reused
// from step to step.
type drawn[T autograd.Float] struct {
	Batch[T]
	drawing
	picks  []pick
	from   int     // the first molecule that this rank draws,
	to     int     // and where they end
	first  []int   // (molecules) first atom of each
	rounds []int   // (molecules) of each alignment
	errs   []error // (molecules) of each drawing
}

// reserve lays out the batch for its picks.
func (b *drawn[T]) reserve(examples Source[T], features, context int) {
	atoms, n := 0, len(b.picks)
	b.Sizes, b.first = resize(b.Sizes, n), resize(b.first, n)
	for m, p := range b.picks {
		b.Sizes[m], b.first[m] = examples.Atoms(p.index), atoms
		atoms += b.Sizes[m]
	}
	b.Times, b.rounds, b.errs = resize(b.Times, n), resize(b.rounds, n), resize(b.errs, n)
	for _, x := range []*State[T]{&b.Data, &b.Noise, &b.At, &b.Target} {
		x.X, x.H = resize(x.X, 3*atoms), resize(x.H, features*atoms)
	}
	b.Cond = resize(b.Cond, (1+context)*atoms)
	if b.Told = b.Told[:0]; b.given.any() {
		b.Told = resize(b.Told, atoms)
	}
}

// own says that the molecules of the shards from one to before another are this rank's.
func (b *drawn[T]) own(from, to int) {
	b.from = 0
	for _, n := range b.Shards[:from] {
		b.from += n
	}
	b.to = b.from
	for _, n := range b.Shards[from:to] {
		b.to += n
	}
}

// err returns the error of the first molecule of this rank's that could not be drawn.
func (b *drawn[T]) err() error {
	for m := b.from; m < b.to; m++ {
		if b.errs[m] != nil {
			return fmt.Errorf("molecule %d of the data: %w", b.picks[m].index+1, b.errs[m])
		}
	}
	return nil
}

// share has the times and losses of every rank's molecules come to all.
func (b *drawn[T]) share(r parallel.Ranks) {
	if r == nil {
		return
	}
	ends, shard, end := make([]int, r.Size()), 0, 0
	for rank := range ends {
		for _, to := parallel.Cut(len(b.Shards), rank, len(ends)); shard < to; shard++ {
			end += b.Shards[shard]
		}
		ends[rank] = end
	}
	parallel.ShareTo(r, b.Times, ends)
	parallel.ShareTo(r, b.Each, ends)
}

// meanRounds is the mean of this rank's molecules.
func (b *drawn[T]) meanRounds() float64 {
	rounds := 0
	for _, n := range b.rounds[b.from:b.to] {
		rounds += n
	}
	return float64(rounds) / float64(b.to-b.from)
}

// culprits names the molecules of a batch whose loss is not finite; where every loss is,
// those that have none yet; or all of them.
func (b *drawn[T]) culprits() string {
	var bad, without, all []int
	for m, p := range b.picks {
		all = append(all, p.index+1)
		switch v := b.Each[m].X + b.Each[m].H; {
		case math.IsNaN(v) || math.IsInf(v, 0):
			bad = append(bad, p.index+1)
		case v == 0:
			without = append(without, p.index+1)
		}
	}
	if len(bad) == 0 {
		bad = without
	}
	if len(bad) == 0 {
		bad = all
	}
	slices.Sort(bad)
	const most = 10
	text := strings.Trim(strings.ReplaceAll(fmt.Sprint(bad[:min(len(bad), most)]), " ", ", "), "[]")
	if more := len(bad) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return "molecules " + text + " of the data"
}

// drawer is what one goroutine draws with.
type drawer[T autograd.Float] struct {
	random stream
	align  *eot.Aligner
	z, x   []float64 // (n, 3) one molecule's noise and data, for the alignment
	parts  part.Grower

	example Example[T] // memory for one that is not in memory
}

func newDrawer[T autograd.Float](o eot.Options) *drawer[T] {
	return &drawer[T]{random: newStream(), align: eot.New(o)}
}

// draw fills in molecule m of a batch: a pose, if data are rotated, a time, noise for
// the features, and noise for the coordinates moved to where it is cheapest in that
// pose (EquiFM Algorithm 1), or the example's own noise in that pose. What is drawn
// depends on the drawing and the molecule's place in the batch alone, and what else is
// drawn does not depend on the rotation.
func (w *drawer[T]) draw(b *drawn[T], m int, e *Example[T]) {
	n, features, place := b.Sizes[m], len(e.H)/b.Sizes[m], b.picks[m].place
	data, noise := b.Data.slice(b.first[m], n, features), b.Noise.slice(b.first[m], n, features)
	copy(data.X, e.X)
	copy(data.H, e.H)
	w.turn(b, place, data.X)
	w.random.seed(b.seed, b.purpose, b.step, place)
	t := b.law.Draw(w.random.Rand)
	b.Times[m] = t
	if b.rounds[m], b.errs[m] = 0, nil; e.Noise != nil && t >= e.NoiseFrom {
		copy(noise.X, e.Noise.X)
		copy(noise.H, e.Noise.H)
		w.turn(b, place, noise.X)
	} else if b.rounds[m], b.errs[m] = w.noise(data.X, noise.X); b.errs[m] != nil {
		return
	} else {
		Normal(w.random.Rand, noise.H)
	}
	given := w.give(b, m, data, noise)
	Interpolate(b.Path, t, data, noise, b.At.slice(b.first[m], n, features), b.Target.slice(b.first[m], n, features))
	width, context := 1+len(e.Context), e.Context
	if b.drop > 0 {
		if w.random.seed(b.seed, streamContext, b.step, place); w.random.Float64() < b.drop {
			context = nil
		}
	}
	for i := b.first[m]; i < b.first[m]+n; i++ {
		row := b.Cond[i*width : (i+1)*width]
		row[0] = T(t)
		clear(row[1:])
		copy(row[1:], context)
	}
	tell(given, b.Cond[b.first[m]*width:(b.first[m]+n)*width])
}

// give chooses what of molecule m is given, moves the data to the frame of a given part,
// and has the noise go with that.
func (w *drawer[T]) give(b *drawn[T], m int, data, noise State[T]) []Told {
	if !b.given.any() {
		return nil
	}
	n, rng := b.Sizes[m], w.random.Rand
	g := told[T]{b.Told[b.first[m] : b.first[m]+n], data}
	clear(g.of)
	w.random.seed(b.seed, streamGiven, b.step, b.picks[m].place)
	types, place := rng.Float64() < b.given.Types, rng.Float64() < b.given.Parts
	for i := range g.of {
		if types {
			g.of[i] = TypeTold
		}
	}
	if place && n > 1 {
		for i, v := range data.X {
			w.x[i] = float64(v)
		}
		for _, i := range w.parts.Draw(rng, w.x) {
			g.of[i] = TypeTold | PlaceTold
		}
		_, centre := placed(data.X, g.of)
		move(data.X, centre, -1)
		Normal(rng, noise.X)
	} else if types {
		CentredNormal(rng, noise.X) // not aligned: in a sample it knows nothing of the types
	}
	g.still(noise)
	return g.of
}

// turn rotates positions x (N, 3) to the pose of the molecule at a place in the batch, if
// data are rotated.
func (w *drawer[T]) turn(b *drawn[T], place int, x []T) {
	if b.poses != 0 {
		w.random.seed(b.seed, b.poses, b.step, place)
		rotate(w.random.Rand, x)
	}
}

// rotate turns the rows of x (N, 3) by a rotation drawn from all.
func rotate[T autograd.Float](rng *rand.Rand, x []T) {
	r := eot.RandomRotation(rng)
	for i := 0; i < len(x); i += 3 {
		a, b, c := r.Apply(float64(x[i]), float64(x[i+1]), float64(x[i+2]))
		x[i], x[i+1], x[i+2] = T(a), T(b), T(c)
	}
}

// noise draws centred noise for data (N, 3) and moves it towards them.
func (w *drawer[T]) noise(data, noise []T) (rounds int, err error) {
	n := len(data)
	w.z, w.x = resize(w.z, n), resize(w.x, n)
	CentredNormal(w.random.Rand, w.z)
	for i, v := range data {
		w.x[i] = float64(v)
	}
	_, rounds, err = w.align.Align(w.z, w.x, w.random.Rand)
	for i, v := range w.z {
		noise[i] = T(v)
	}
	return rounds, err
}

// Normal fills dst with independent standard normal values.
func Normal[T autograd.Float](rng *rand.Rand, dst []T) {
	for i := range dst {
		dst[i] = T(rng.NormFloat64())
	}
}

// CentredNormal fills x (N, 3) with standard normal positions whose centre is
// moved to the origin: the Gaussian on the 3(N-1) dimensions that a translation
// does not touch. One atom has no such dimension and lies at the origin.
func CentredNormal[T autograd.Float](rng *rand.Rand, x []T) {
	Normal(rng, x)
	Centre(x)
}

// Centre moves the mean of the rows of x (N, 3) to the origin.
func Centre[T autograd.Float](x []T) {
	if len(x)%3 != 0 {
		panic(fmt.Sprintf("flow: Centre: %d coordinates", len(x)))
	}
	if len(x) == 0 {
		return
	}
	var mean [3]float64
	for i, v := range x {
		mean[i%3] += float64(v)
	}
	for k := range mean {
		mean[k] /= float64(len(x) / 3)
	}
	for i := range x {
		x[i] = T(float64(x[i]) - mean[i%3])
	}
}
