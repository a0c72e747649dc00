package likelihood

import (
	"math"

	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn/parallel"
)

// Bound is how likely the flow makes a molecule of its size, nat.
type Bound struct {
	Atoms  int
	LogP   float64 // log p(x₀, h₀ | N), from below: the mean over draws
	Error  float64 // standard error over draws, probes in it; NaN of one draw
	Flow   float64 // of LogP, log p_e
	Probes float64 // standard error over probes of the mean: what is random in the trace; 0 of exact ones, NaN of one probe
	Cells  float64 // of LogP, log p(h₀ | h_e): near 0 where the types are decided at the end time
	NFE    int     // evaluations of the velocity and its trace, mean over draws
}

// Dimensions returns D for so many features.
func (b Bound) Dimensions(features int) int { return Dimensions(b.Atoms, features) }

// Bound returns the bound on log p of molecules (x₀, h₀), whose positions have their
// centre at the origin. What is drawn for molecule i depends on the seed and i alone.
func (f *Flow[T]) Bound(molecules []flow.State[float64]) ([]Bound, error) {
	draws := max(f.Draws, 1)
	all := make([]Bound, draws*len(molecules))
	if err := f.each(molecules, len(all), func(w *walker[T], k int) (err error) {
		m := k / draws
		all[k], err = w.bound(molecules[m], flow.LikelihoodRand(f.Seed, m, k%draws))
		return err
	}); err != nil {
		return nil, err
	}
	parallel.Share(f.Ranks, all)
	out := make([]Bound, len(molecules))
	for m := range out {
		out[m] = averaged(all[m*draws : (m+1)*draws])
	}
	return out, nil
}

// averaged is the mean of one molecule's draws.
func averaged(draws []Bound) (b Bound) {
	n := float64(len(draws))
	values := make([]float64, len(draws))
	nfe := 0
	for k, d := range draws {
		values[k] = d.LogP
		b.Flow, b.Cells = b.Flow+d.Flow/n, b.Cells+d.Cells/n
		b.Probes += d.Probes * d.Probes / (n * n)
		nfe += d.NFE
	}
	b.Probes = math.Sqrt(b.Probes)
	b.Atoms, b.NFE = draws[0].Atoms, nfe/len(draws)
	b.LogP, b.Error = meanAndError(values)
	return b
}

// bound takes one draw of the noise at the end time.
func (w *walker[T]) bound(data flow.State[float64], rng source) (b Bound, err error) {
	n, F := len(data.X)/3, w.Features
	noise := flow.State[float64]{X: make([]float64, len(data.X)), H: make([]float64, len(data.H))}
	flow.CentredNormal(rng, noise.X)
	flow.Normal(rng, noise.H)
	at := flow.State[float64]{X: make([]float64, len(data.X)), H: make([]float64, len(data.H))}
	flow.Interpolate(w.Path, w.End, data, noise, at, flow.State[float64]{X: make([]float64, len(data.X)), H: make([]float64, len(data.H))})
	d, err := w.density(at, rng)
	if err != nil {
		return b, err
	}
	b = Bound{Atoms: n, Flow: d.LogP, Probes: d.Error, NFE: d.NFE}
	coefficients := func(channel int) schedule.Coefficients { return w.channel(channel).At(w.End) }
	// Of the continuous, p(x₀|x_e)/q(x_e|x₀) = α, each: both are the same Gaussian, in
	// units of x₀ and of x_e.
	b.LogP = d.LogP + 3*float64(n-1)*math.Log(w.Path.X.At(w.End).Alpha)
	for i := range n {
		b.Cells += w.Cells.logP(data.H[F*i:F*(i+1)], at.H[F*i:F*(i+1)], coefficients)
		for k := range F {
			c, eta := coefficients(k), noise.H[F*i+k]
			if w.Cells.discrete(k) {
				b.LogP += eta*eta/2 + log2Pi/2 + math.Log(c.Sigma) // -log q
			} else {
				b.LogP += math.Log(c.Alpha)
			}
		}
	}
	b.LogP += b.Cells
	return b, nil
}

// channel returns the schedule of a channel of the features.
func (f *Flow[T]) channel(k int) schedule.Schedule {
	if k == f.Features-1 && f.Path.Z != nil {
		return f.Path.Z
	}
	return f.Path.H
}
