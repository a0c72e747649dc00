package eot

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// cloud returns n normal points of the given spread with their centre at the origin.
func cloud(rng *rand.Rand, n int, spread float64) []float64 {
	p := make([]float64, 3*n)
	var mean [3]float64
	for i := range p {
		p[i] = spread * rng.NormFloat64()
		mean[i%3] += p[i] / float64(n)
	}
	for i := range p {
		p[i] -= mean[i%3]
	}
	return p
}

// 18 atoms are a molecule of QM9, 181 the largest of GEOM-Drugs.
func BenchmarkAlign(b *testing.B) {
	for _, n := range []int{9, 18, 29, 44, 181, 500} {
		for _, restarts := range []int{0, 8} {
			b.Run(fmt.Sprintf("N=%d/restarts=%d", n, restarts), func(b *testing.B) {
				rng := rand.New(rand.NewPCG(1, uint64(n)))
				const pairs = 32
				var zs, xs [pairs][]float64
				for i := range zs {
					zs[i], xs[i] = cloud(rng, n, 1), cloud(rng, n, 1.5)
				}
				a, z, k, rounds := New(Options{Mode: Both, Restarts: restarts}), make([]float64, 3*n), 0, 0
				b.ReportAllocs()
				for b.Loop() {
					copy(z, zs[k%pairs])
					_, r, err := a.Align(z, xs[k%pairs], rng)
					if err != nil {
						b.Fatal(err)
					}
					k, rounds = k+1, rounds+r
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "molecules/s")
				b.ReportMetric(float64(rounds)/float64(b.N), "rounds")
			})
		}
	}
}

func BenchmarkAssign(b *testing.B) {
	for _, n := range []int{18, 181, 500} {
		rng := rand.New(rand.NewPCG(2, uint64(n)))
		uniform, a := make([]float64, n*n), &Assigner{}
		for i := range uniform {
			uniform[i] = rng.Float64()
		}
		b.Run(fmt.Sprintf("uniform/%dx%d", n, n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a.solve(uniform, n, false)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "problems/s")
		})
	}
}

func BenchmarkRotation(b *testing.B) {
	rng := rand.New(rand.NewPCG(3, 0))
	from, to := cloud(rng, 18, 1), cloud(rng, 18, 1.5)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Rotation(from, to); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rotations/s")
}
