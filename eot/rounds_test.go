package eot

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// alternate is the method in a few lines: assign, turn, until the assignment stays or a
// round gains no more than tau. It returns how often it has assigned, and the squared cost
// after the last time.
func alternate(z, x []float64, o Options) (cost float64, rounds int) {
	n := len(z) / 3
	var a Assigner
	var pi []int
	turned := z
	for rounds < o.MaxRounds {
		costs := make([]float64, n*n)
		for k := range costs {
			i, j := k/n, k%n
			costs[k] = squaredDistance(x[3*i:3*i+3], turned[3*j:3*j+3])
			if o.Unsquared {
				costs[k] = math.Sqrt(costs[k])
			}
		}
		colOf, _, err := a.Assign(costs, n)
		if err != nil {
			panic(err)
		}
		rounds++
		before, stays, moved := cost, rounds > 1, make([]float64, 3*n)
		for i, j := range colOf {
			stays = stays && pi[i] == j
			copy(moved[3*i:3*i+3], turned[3*j:3*j+3])
		}
		pi, cost = slices.Clone(colOf), squaredDistance(moved, x)
		if stays || rounds > 1 && before-cost <= o.Tau {
			break
		}
		paired := make([]float64, 3*n)
		for i, j := range pi {
			copy(paired[3*i:3*i+3], z[3*j:3*j+3])
		}
		r, err := Rotation(paired, x)
		if err != nil {
			panic(err)
		}
		turned = turn(r, z)
	}
	return cost, rounds
}

// Align takes the rounds that the method takes, ends where it ends, and stops at MaxRounds,
// which is 100 where nothing is said. Unsquared, it looks once more for the best assignment.
func TestRoundsAreThoseOfTheMethod(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 0))
	if o := New(Options{}).options; o.MaxRounds != 100 {
		t.Errorf("at most %d rounds", o.MaxRounds)
	}
	for k := range 300 {
		n := 2 + k%20
		z, x := cloud(rng, n, 1), cloud(rng, n, 1.5)
		o := Options{Mode: Both, Tau: []float64{0, 0.1, 2}[k%3], MaxRounds: []int{100, 1, 2, 3}[k%4], Unsquared: k%5 == 0}
		want, wantRounds := alternate(z, x, o)
		cost, rounds, err := New(o).Align(z, x, nil)
		if o.Unsquared {
			rounds--
		}
		if err != nil || rounds != wantRounds {
			t.Errorf("%+v, n = %d: %d rounds, want %d (%v)", o, n, rounds, wantRounds, err)
		}
		if off := cost - want; off > 1e-12*want || off < -1e-12*want && !o.Unsquared {
			t.Errorf("%+v, n = %d: cost %v, want %v", o, n, cost, want)
		}
	}
}

// A descent for each restart, but for one and two atoms, which need none; of one that may
// only assign, one round; none otherwise.
func TestRoundsAreCounted(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 0))
	for _, c := range []struct {
		Options
		atoms, rounds int
	}{
		{Options{Mode: None}, 5, 0}, {Options{Mode: Rotate}, 5, 0}, {Options{Mode: Permutation}, 5, 1},
		{Options{Mode: Both, Restarts: 4, MaxRounds: 1}, 5, 1 + 4}, {Options{Mode: Both, Restarts: 4, MaxRounds: 1}, 3, 1 + 4},
		{Options{Mode: Both, Restarts: 4, MaxRounds: 1}, 2, 1}, {Options{Mode: Both, Restarts: 4, MaxRounds: 1}, 1, 1},
		{Options{Mode: Both, Restarts: 4, MaxRounds: 1, Unsquared: true}, 5, 1 + 1 + 4},
	} {
		if _, rounds, err := New(c.Options).Align(cloud(rng, c.atoms, 1), cloud(rng, c.atoms, 1.5), rng); err != nil || rounds != c.rounds {
			t.Errorf("%+v, %d atoms: %d rounds, want %d (%v)", c.Options, c.atoms, rounds, c.rounds, err)
		}
	}
}

// Unsquared, the assignment has the least total of distances; but where that raises the
// squared cost, the noise stays where it is.
func TestUnsquaredAgainstBruteForce(t *testing.T) {
	rng, moved := rand.New(rand.NewPCG(13, 0)), 0
	for k := range 100 {
		n := 2 + k%5
		z, x := cloud(rng, n, 1), cloud(rng, n, 1.5)
		costs, before := make([]float64, n*n), slices.Clone(z)
		for i := range costs {
			costs[i] = math.Sqrt(squaredDistance(x[3*(i/n):3*(i/n)+3], z[3*(i%n):3*(i%n)+3]))
		}
		if _, _, err := New(Options{Mode: Permutation, Unsquared: true}).Align(z, x, nil); err != nil {
			t.Fatal(err)
		}
		if slices.Equal(z, before) {
			continue
		}
		moved++
		var total float64
		for i := 0; i < len(z); i += 3 {
			total += math.Sqrt(squaredDistance(z[i:i+3], x[i:i+3]))
		}
		if want := least(costs, n, 0, 0); math.Abs(total-want) > 1e-12*want {
			t.Errorf("n = %d: distances add up to %v, want %v", n, total, want)
		}
	}
	if moved < 50 {
		t.Errorf("%d of 100 moved", moved)
	}
}

// A restart begins at any assignment, all equally likely: of three atoms there are six.
func TestRestartsBeginAnywhere(t *testing.T) {
	const draws = 6000
	rng, count, pi := rand.New(rand.NewPCG(14, 0)), make(map[[3]int]int), []int{0, 0, 0}
	for range draws {
		draw(pi, rng)
		checkPermutation(t, pi)
		count[[3]int(pi)]++
	}
	for pi, n := range count { // five standard deviations
		if mean := draws / 6.0; math.Abs(float64(n)-mean) > 5*math.Sqrt(mean*5/6) {
			t.Errorf("%v comes %d times of %d", pi, n, draws)
		}
	}
}
