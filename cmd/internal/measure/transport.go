package measure

import (
	"math"
	"math/rand/v2"

	"equifm/cmd/internal/run/cputime"
	"equifm/eot"
	"equifm/flow"
)

// Transport is what a mode of transport does to fresh noise, and what that takes.
type Transport struct {
	Cost    []float64 `json:"cost"`                 // of each molecule |z - x₀|²/N after the transport, Å²
	Seconds float64   `json:"seconds_per_molecule"` // of processor time
}

// leastSeconds of processor time are measured at a time, so that the clock's ticks
// do not show.
const leastSeconds = 0.1

// Align moves noise to molecules (N, 3 each), the noise keyed by the seed and the
// molecule's place.
func Align(o eot.Options, molecules [][]float64, seed uint64, clock cputime.Clock) (t Transport, err error) {
	a, done := eot.New(o), 0
	var z []float64
	begin := clock()
	for rounds := 0; ; rounds++ {
		for i, x := range molecules {
			rng := rand.New(rand.NewPCG(seed, uint64(i)))
			z = append(z[:0], x...)
			flow.CentredNormal(rng, z)
			cost, _, err := a.Align(z, x, rng)
			if err != nil {
				return t, err
			}
			if rounds == 0 {
				t.Cost = append(t.Cost, 3*cost/float64(len(x)))
			}
			done++
		}
		took := clock() - begin
		if took >= leastSeconds || took == 0 { // 0 where the system does not say
			t.Seconds = took / float64(done)
			return t, nil
		}
	}
}

// Coordinates returns the positions of examples, for Align.
func Coordinates(examples []flow.Example[float32], most int) (molecules [][]float64) {
	n := min(most, len(examples))
	for i := range n {
		e := &examples[i*len(examples)/n]
		x := make([]float64, len(e.X))
		for k, v := range e.X {
			x[k] = float64(v)
		}
		molecules = append(molecules, x)
	}
	return molecules
}

// Balls returns molecules of n atoms each that are made up: atoms evenly in a ball, as
// dense as one that has 18 atoms and the radius of gyration of QM9's molecules, 2.32 Å.
// They stand for sizes that QM9 does not have.
func Balls(n, molecules int) (balls [][]float64) {
	const density = 0.16 // atoms/Å³
	radius := math.Cbrt(3 * float64(n) / (4 * math.Pi * density))
	for m := range molecules {
		rng := rand.New(rand.NewPCG(uint64(n), uint64(m)))
		var x []float64
		for len(x) < 3*n {
			p := [3]float64{2*rng.Float64() - 1, 2*rng.Float64() - 1, 2*rng.Float64() - 1}
			if p[0]*p[0]+p[1]*p[1]+p[2]*p[2] < 1 {
				x = append(x, radius*p[0], radius*p[1], radius*p[2])
			}
		}
		flow.Centre(x)
		balls = append(balls, x)
	}
	return balls
}
