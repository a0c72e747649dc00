package measure

import (
	"math"
	"math/rand/v2"

	"equifm/datasets"
	"equifm/flow"
	"equifm/molecule"
)

// byNumber returns the element whose Z is nearest to what a channel says.
func byNumber(v datasets.Vocabulary, channel float32) (nearest molecule.Element) {
	z, least := float64(channel)*v.NumberUnit(), math.Inf(1)
	for _, e := range v.Elements {
		if d := math.Abs(z - float64(e)); d < least {
			nearest, least = e, d
		}
	}
	return nearest
}

// stretch takes |∂v/∂y| of every molecule by the power method on differences,
//
//	δ ← nudge·√D·Jδ/|Jδ|,  J·δ ≈ v(y+δ) - v(y)
//
// from a δ of the molecule's own D numbers at random. It is a bound from below.
func (p *probe) stretch(of *flow.Problem[float32], t float64, y []float32) error {
	at, moved, v := make([]float32, len(y)), make([]float32, len(y)), make([]float32, len(y))
	if err := of.Velocity(t, y, at); err != nil {
		return err
	}
	delta, stretched := make([]float32, len(y)), make([]float64, len(of.Sizes))
	flow.Normal(rand.New(rand.NewPCG(uint64(len(y)), 2)), delta)
	parts := partsOf(of, len(y))
	for range stretches {
		for _, part := range parts {
			part.rescale(delta, nudge)
		}
		for i := range y {
			moved[i] = y[i] + delta[i]
		}
		if err := of.Velocity(t, moved, v); err != nil {
			return err
		}
		for m, part := range parts {
			var before, after float64
			part.each(func(i int) {
				before += float64(delta[i]) * float64(delta[i])
				delta[i] = v[i] - at[i]
				after += float64(delta[i]) * float64(delta[i])
			})
			stretched[m] = math.Sqrt(after / before)
		}
	}
	for _, s := range stretched {
		p.stiff += s
	}
	return nil
}

// part is where the numbers of a molecule are in a flat state: its positions, and its
// features.
type part [2]struct{ from, to int }

func partsOf(of *flow.Problem[float32], numbers int) (parts []part) {
	atoms, first := 0, 0
	for _, n := range of.Sizes {
		atoms += n
	}
	features := numbers/atoms - 3
	for _, n := range of.Sizes {
		end := first + n
		parts = append(parts, part{{3 * first, 3 * end}, {3*atoms + features*first, 3*atoms + features*end}})
		first = end
	}
	return parts
}

func (p part) each(do func(i int)) {
	for _, r := range p {
		for i := r.from; i < r.to; i++ {
			do(i)
		}
	}
}

// rescale brings the root mean square of the part's numbers to a size.
func (p part) rescale(y []float32, size float64) {
	n, square := 0, 0.0
	p.each(func(i int) { n, square = n+1, square+float64(y[i])*float64(y[i]) })
	if square == 0 { // of a field that does not ask for the state
		p.each(func(i int) { y[i] = float32(size) })
		return
	}
	by := float32(size / math.Sqrt(square/float64(n)))
	p.each(func(i int) { y[i] *= by })
}
