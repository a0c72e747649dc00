package nn

import "equifm/autograd/kernel"

// Five rounds of Newton–Schulz are a polynomial of degree 5⁵ in X; a rational function
// needs far less for the same. With X divided by ‖X‖_F,
//
//	X ← c·(1 + r₁·(XXᵀ + p₁)⁻¹ + r₂·(XXᵀ + p₂)⁻¹)·X
//
// maps every singular value σ to c·σ·(1 + r₁/(σ² + p₁) + r₂/(σ² + p₂)): Zolotarev's best
// approximation of 1 on [0.0016, 1] by an odd function with two pairs of poles (Nakatsukasa and
// Freund 2016, SIAM Review 58, 461), within 0.17; singular values below 0.0016 end at
// up to 614 times what they were. At m = n that is 3 products of n³, counting halves of
// symmetric ones, and five rounds are 10.
//
// TestPoles computes them again, by elliptic functions.
var (
	poleAt     = [2]float64{1.3381854656636523e-05, 0.0076788858763328065}
	poleWeight = [2]float64{0.0079855038634308786, 0.17595943649127246}
	poleScale  = 0.9889640300637409
)

// viaPoles writes the function of x (m, n), m ≤ n, of norm 1, to s.z.
func (s *newtonSchulz[T]) viaPoles(x, y []T, m, n int) []T {
	z, a, b := s.z[:m*n], s.a[:m*m], s.b[:m*m]
	gram(a, x, m, n, 1, 0)
	kernel.Scale(z, T(poleScale), x)
	for k, p := range poleAt {
		copy(b, a)
		for i := range m {
			b[i*m+i] += T(p)
		}
		copy(y, x)
		q := spd[T]{m, n, b, y, T(p / 2)}
		q.solve()
		kernel.AddScaled(z, T(poleScale*poleWeight[k]), y)
	}
	return z
}
