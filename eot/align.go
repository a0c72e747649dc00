package eot

import (
	"fmt"
	"math"
	"math/rand/v2"
)

// Options selects the transport. The zero value of each field but Mode is the
// method of the paper with squared costs.
type Options struct {
	Mode Mode
	// Unsquared assigns on distances rather than their squares, as the published
	// code does. The cost reported, and never raised, is the squared one.
	Unsquared bool
	// Reflections lets Rotate and Both take the mirror image of the noise too, which
	// is as likely as the noise. The network has to be equivariant under reflection.
	Reflections bool
	Restarts    int     // further descents of Both from random assignments
	Tau         float64 // Å²; a round that gains no more ends the descent
	MaxRounds   int     // of one descent; 0 means 100
}

// Aligner moves noise towards data. After the first call for a size it allocates
// nothing. It serves one goroutine at a time.
type Aligner struct {
	options  Options
	assigner Assigner
	z, x     []float64 // (N, 3) noise as given, data
	turned   []float64 // (N, 3) R·z, or R·(-z) of the mirror image
	cost     []float64 // (N, N) atom of x by point of noise
	pi, last []int     // (N) assignment of this round and of the one before
	best     candidate
}

// candidate is a rotation, an assignment and their cost.
type candidate struct {
	cost float64
	r    Matrix3 // det -1 with Reflections only
	pi   []int   // (N)
}

// New returns an Aligner.
func New(o Options) *Aligner {
	if o.MaxRounds == 0 {
		o.MaxRounds = 100
	}
	return &Aligner{options: o}
}

// Align moves the noise z (N, 3) in place: row i becomes R·z_π(i), the partner of
// row i of the data x (N, 3). It returns the squared cost that is left and the
// rounds, that is assignments, it took over all descents. Only Restarts draw
// from rng, which may be nil without them. After an error z is as it was.
func (a *Aligner) Align(z, x []float64, rng *rand.Rand) (cost float64, rounds int, err error) {
	if len(z) != len(x) || len(z)%3 != 0 {
		panic(fmt.Sprintf("eot: Align: %d coordinates of noise for %d of data", len(z), len(x)))
	}
	if err := checkPoints(z, x); err != nil {
		return 0, 0, err
	}
	a.load(z, x)
	untouched := a.squared(&identity, a.pi)
	a.best.cost = untouched
	switch a.options.Mode {
	case Permutation:
		a.assign(&identity, a.options.Unsquared, false)
		rounds = 1
	case Rotate:
		for _, sign := range a.signs() {
			r := a.kabsch(a.pi, sign)
			a.consider(&r, a.pi)
		}
	case Both:
		rounds = a.transport(rng)
	}
	if a.best.cost < untouched {
		a.write(z)
	}
	return a.best.cost, rounds, nil
}

// signs are those of the noise: as it is, and with Reflections its mirror image.
// Any mirror would do, and the one in the origin, -I, is the same from everywhere.
func (a *Aligner) signs() []float64 {
	if a.options.Reflections {
		return bothSigns[:]
	}
	return bothSigns[:1]
}

var bothSigns = [2]float64{1, -1}

// transport descends from the noise as it lies, with Reflections from its mirror
// image too, and from Restarts other places each.
func (a *Aligner) transport(rng *rand.Rand) (rounds int) {
	for _, sign := range a.signs() {
		rounds += a.descend(identity.times(sign), sign)
	}
	if a.options.Unsquared {
		// Its descent does not start at the best assignment; keep the promise.
		a.assign(&identity, false, false)
		rounds++
	}
	if len(a.pi) <= 2 {
		return rounds // one round is exact: |z₁|, |z₂| onto the line of the data
	}
	for range a.options.Restarts {
		draw(a.pi, rng)
		var from [2]Matrix3
		for k, sign := range a.signs() {
			from[k] = a.kabsch(a.pi, sign)
		}
		for k, sign := range a.signs() {
			rounds += a.descend(from[k], sign)
		}
	}
	return rounds
}

// draw makes pi a random assignment, all being equally likely.
func draw(pi []int, rng *rand.Rand) {
	for i := range pi {
		j := rng.IntN(i + 1)
		pi[i], pi[j] = pi[j], i
	}
}

// descend alternates assignment and rotation of the noise times sign, beginning at
// r and ending with an assignment, until the assignment stays or the gain is at most
// Tau.
func (a *Aligner) descend(r Matrix3, sign float64) (rounds int) {
	for before := math.Inf(1); ; {
		a.last, a.pi = a.pi, a.last
		cost := a.assign(&r, a.options.Unsquared, rounds > 0)
		rounds++
		if rounds > 1 && (before-cost <= a.options.Tau || same(a.pi, a.last)) || rounds == a.options.MaxRounds {
			return rounds
		}
		before = cost
		r = a.kabsch(a.pi, sign)
	}
}

// assign sets pi to the best assignment for r and returns its squared cost.
func (a *Aligner) assign(r *Matrix3, unsquared, warm bool) float64 {
	for i := 0; i < len(a.z); i += 3 {
		a.turned[i], a.turned[i+1], a.turned[i+2] = r.Apply(a.z[i], a.z[i+1], a.z[i+2])
	}
	if unsquared {
		a.distances()
	} else {
		a.products()
	}
	a.assigner.solve(a.cost, len(a.pi), warm)
	copy(a.pi, a.assigner.colOf)
	return a.consider(r, a.pi)
}

// products fills cost with -x_i·z_j, which is half the squared distance but for
// terms that are the same for every assignment.
func (a *Aligner) products() {
	n := len(a.pi)
	for i := range n {
		x, y, z := a.x[3*i], a.x[3*i+1], a.x[3*i+2]
		row := a.cost[i*n : (i+1)*n]
		for j := range row {
			t := a.turned[3*j : 3*j+3]
			row[j] = -(x*t[0] + y*t[1] + z*t[2])
		}
	}
}

// distances fills cost with |x_i - z_j|.
func (a *Aligner) distances() {
	n := len(a.pi)
	for i := range n {
		x, y, z := a.x[3*i], a.x[3*i+1], a.x[3*i+2]
		row := a.cost[i*n : (i+1)*n]
		for j := range row {
			t := a.turned[3*j : 3*j+3]
			dx, dy, dz := x-t[0], y-t[1], z-t[2]
			row[j] = math.Sqrt(dx*dx + dy*dy + dz*dz)
		}
	}
}

// kabsch returns sign times the best rotation of the noise times sign for an
// assignment: the best matrix of that determinant.
func (a *Aligner) kabsch(pi []int, sign float64) Matrix3 {
	var s Matrix3
	for i, j := range pi {
		s.addOuter(a.z[3*j:], a.x[3*i:])
	}
	s = s.times(sign)
	r := s.rotation()
	return r.times(sign)
}

// squared returns Σ|R z_π(i) - x_i|².
func (a *Aligner) squared(r *Matrix3, pi []int) (sum float64) {
	for i, j := range pi {
		x, y, z := r.Apply(a.z[3*j], a.z[3*j+1], a.z[3*j+2])
		x, y, z = x-a.x[3*i], y-a.x[3*i+1], z-a.x[3*i+2]
		sum += x*x + y*y + z*z
	}
	return sum
}

// mirrored is the share of a cost by which a candidate has to be better where there
// are mirror images: a flat molecule's two are equally good, and rounding is not to
// choose between them.
const mirrored = 1e-12

// consider returns the cost of a candidate and keeps it if it is the best so far.
func (a *Aligner) consider(r *Matrix3, pi []int) float64 {
	cost, least := a.squared(r, pi), a.best.cost
	if a.options.Reflections {
		least -= mirrored * least
	}
	if cost < least {
		a.best.cost, a.best.r = cost, *r
		copy(a.best.pi, pi)
	}
	return cost
}

// load copies a pair in and sets pi to the identity.
func (a *Aligner) load(z, x []float64) {
	n := len(z) / 3
	if cap(a.z) < len(z) {
		a.z, a.x, a.turned = make([]float64, 3*n), make([]float64, 3*n), make([]float64, 3*n)
		a.cost = make([]float64, n*n)
		a.pi, a.last, a.best.pi = make([]int, n), make([]int, n), make([]int, n)
	}
	a.z, a.x, a.turned, a.cost = a.z[:3*n], a.x[:3*n], a.turned[:3*n], a.cost[:n*n]
	a.pi, a.last, a.best.pi = a.pi[:n], a.last[:n], a.best.pi[:n]
	copy(a.z, z)
	copy(a.x, x)
	for i := range a.pi {
		a.pi[i] = i
	}
}

// write moves the noise as the best candidate says.
func (a *Aligner) write(z []float64) {
	for i, j := range a.best.pi {
		z[3*i], z[3*i+1], z[3*i+2] = a.best.r.Apply(a.z[3*j], a.z[3*j+1], a.z[3*j+2])
	}
}

func same(a, b []int) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// checkPoints refuses what is not a number, or too large to square.
func checkPoints(sets ...[]float64) error {
	for _, set := range sets {
		for i, v := range set {
			if !(math.Abs(v) < 1e100) {
				return fmt.Errorf("eot: coordinate %d of point %d is %v", i%3, i/3, v)
			}
		}
	}
	return nil
}
