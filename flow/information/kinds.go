package information

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Kinds are the kinds that an atom may be of, and what its features are then: a one-hot
// and, beside it, a number.
type Kinds struct {
	Shares  []float64 // (K) p(k), which add up to 1
	Height  float64   // of the one-hot; 0 for none
	Numbers []float64 // (K) in the channel of the number; nil for none
}

// Entropy returns H(k), nat.
func (k Kinds) Entropy() (h float64) {
	for _, p := range k.Shares {
		if p > 0 {
			h -= p * math.Log(p)
		}
	}
	return h
}

// check panics for kinds that are none.
func (k Kinds) check() {
	sum := 0.0
	for _, p := range k.Shares {
		sum += p
	}
	if math.Abs(sum-1) > 1e-9 || k.Numbers != nil && len(k.Numbers) != len(k.Shares) {
		panic(fmt.Sprintf("information: shares add up to %v, %d numbers for %d kinds", sum, len(k.Numbers), len(k.Shares)))
	}
}

// distance is how far kind j is from kind k in the channel of the number, in units of
// its noise.
func (k Kinds) distance(j, own int, number float64) float64 {
	if k.Numbers == nil {
		return 0
	}
	return number * (k.Numbers[j] - k.Numbers[own])
}

// Draw returns I(ht; k) of one atom's features by draws of their noise for every kind,
// nat. types is α/σ of the one-hot, number that of the number.
//
// With η and ζ the noise of an atom of kind k, a = types·height and d = number·(n_j - n_k),
//
//	p(j)·p(h|j) / (p(k)·p(h|k)) = p(j)/p(k)·exp(a·(η_j - η_k) - a² + d·ζ - d²/2)
//	I = H(k) - E log(1 + Σ_j≠k of that)
func (k Kinds) Draw(types, number float64, draws int, rng *rand.Rand) Estimate {
	k.check()
	out := Estimate{Value: k.Entropy()}
	eta, a := make([]float64, len(k.Shares)), types*k.Height
	values := make([]float64, draws)
	for own, p := range k.Shares {
		if p == 0 {
			continue
		}
		for i := range values {
			for j := range eta {
				eta[j] = rng.NormFloat64()
			}
			zeta, sum := rng.NormFloat64(), 0.0
			for j, q := range k.Shares {
				if d := k.distance(j, own, number); j != own && q > 0 {
					sum += q / p * math.Exp(a*(eta[j]-eta[own])-a*a+d*zeta-d*d/2)
				}
			}
			values[i] = math.Log1p(sum)
		}
		m := meanOf(values)
		out.Value -= p * m.Value
		out.Error += p * p * m.Error * m.Error
	}
	out.Error = math.Sqrt(out.Error)
	return out
}

// decided is the distance between kinds, in units of the noise, beyond which they are
// never taken for each other: half of it is 5 standard deviations.
const decided = 10

// Information returns I(ht; k) of one atom's features by quadrature, nat, to 1e-4. The
// mean over the noise of every kind is a product, for with S = Σ_j≠k the ratio above
//
//	log(1 + S) = ∫ e^{-u}·(1 - e^{-uS}) du/u
//
// and E e^{-uS} given η_k and ζ is the product over j of L(a, log u + …), with
// L(a, v) = E exp(-e^{v + a·η_j}). That leaves η_k, ζ and u, whatever K is.
func (k Kinds) Information(types, number float64) float64 {
	k.check()
	if k.nearest(types, number) > decided {
		return k.Entropy()
	}
	i := k.Entropy()
	l := newLaplace(types * k.Height)
	for own, p := range k.Shares {
		if p > 0 {
			i -= p * k.confusion(own, l, number)
		}
	}
	return min(max(i, 0), k.Entropy())
}

// nearest is the least distance of two kinds, in units of the noise.
func (k Kinds) nearest(types, number float64) float64 {
	least, a := math.Inf(1), types*k.Height
	for j, q := range k.Shares {
		for own, p := range k.Shares {
			if d := k.distance(j, own, number); j < own && p*q > 0 {
				least = min(least, math.Sqrt(2*a*a+d*d))
			}
		}
	}
	return least
}

// confusion is E log(1 + S) for an atom of kind own.
func (k Kinds) confusion(own int, l *laplace, number float64) (mean float64) {
	type rival struct{ c, d float64 }
	var rivals []rival
	farthest, places := 0.0, make([]float64, 0, len(k.Shares))
	for j, q := range k.Shares {
		if d := k.distance(j, own, number); j != own && q > 0 {
			rivals = append(rivals, rival{math.Log(q/k.Shares[own]) - l.a*l.a - d*d/2, d})
			farthest = max(farthest, math.Abs(d))
		}
	}
	gauss(l.a, func(eta, weight float64) {
		gauss(farthest, func(zeta, weight2 float64) {
			if weight*weight2 < 1e-9 {
				return
			}
			places, most := places[:0], math.Inf(-1)
			for _, r := range rivals {
				places = append(places, r.c+r.d*zeta-l.a*eta)
				most = max(most, places[len(places)-1])
			}
			places = slices.DeleteFunc(places, func(v float64) bool { return v < most-18 }) // nothing beside the nearest rival
			const h = 0.8                                                                   // in log u: the integrand is as smooth as exp(-e^w)
			sum := 0.0
			for w := 4.0; w+most > l.least; w -= h {
				product := 1.0
				for _, v := range places {
					product *= l.at(w + v)
				}
				sum += h * math.Exp(-math.Exp(w)) * (1 - product)
			}
			mean += weight * weight2 * sum
		})
	})
	return mean
}

// gauss calls f for the nodes and weights of a standard normal, fine enough for functions
// that change over 1/sharp; for none one node does.
func gauss(sharp float64, f func(x, weight float64)) {
	if sharp == 0 {
		f(0, 1)
		return
	}
	h := min(0.8, 2.2/sharp)
	n := int(math.Ceil(6 / h))
	for i := -n; i <= n; i++ {
		x := float64(i) * h
		f(x, h*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi))
	}
}

// laplace is L(a, v) = E exp(-exp(v + a·η)), η standard normal, as a table over v.
type laplace struct {
	a           float64
	least, step float64
	table       []float64
}

func newLaplace(a float64) *laplace {
	l := &laplace{a: a, least: -7*a - 14, step: 0.01}
	n := int((7*a + 4 - l.least) / l.step)
	l.table = make([]float64, n)
	for i := range l.table {
		v := l.least + float64(i)*l.step
		gauss(a, func(eta, weight float64) { l.table[i] += weight * math.Exp(-math.Exp(v+a*eta)) })
	}
	return l
}

func (l *laplace) at(v float64) float64 {
	x := (v - l.least) / l.step
	i := int(x)
	switch {
	case x < 0:
		return 1
	case i >= len(l.table)-1:
		return 0
	}
	return l.table[i] + (l.table[i+1]-l.table[i])*(x-float64(i))
}

// Sample returns n atoms: their kinds, and their features with the noise of α/σ on them,
// in units of the noise: the channels of kinds that there are, then the number.
func (k Kinds) Sample(n int, types, number float64, rng *rand.Rand) (labels []int, h [][]float64) {
	for range n {
		own, u := 0, rng.Float64()
		for u -= k.Shares[0]; u >= 0 && own < len(k.Shares)-1; u -= k.Shares[own] {
			own++
		}
		labels = append(labels, own)
		var row []float64
		for j, p := range k.Shares {
			if p == 0 || k.Height == 0 {
				continue
			}
			v := rng.NormFloat64()
			if j == own {
				v += types * k.Height
			}
			row = append(row, v)
		}
		if k.Numbers != nil {
			row = append(row, number*k.Numbers[own]+rng.NormFloat64())
		}
		h = append(h, row)
	}
	return labels, h
}
