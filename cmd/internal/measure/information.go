package measure

import (
	"math"
	"math/rand/v2"
	"sync"

	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/information"
	"equifm/flow/schedule"
	"equifm/molecule"
)

// Resolution is how finely positions count, Å: information of closer digits is none of
// chemistry's, and would be endless. Bonds are told apart by some 0.05 Å.
const Resolution = 0.05

// Source is what information of molecules comes from.
type Source struct {
	Kinds    information.Kinds // an atom's elements, as often as the data have them
	Variance float64           // Å², of a dimension of positions that counts: of 3(N-1)
	Free     float64           // 3(N-1)/N, such dimensions an atom

	once  sync.Once
	curve information.Curve // of features, both channels at one ratio
}

// NewSource counts elements and measures positions of molecules as a configuration reads
// them.
func NewSource(molecules []molecule.Molecule, c config.Config) *Source {
	v, s := c.Vocabulary(), &Source{}
	f := v.Features()
	counts := make([]float64, len(v.Elements))
	numbers := make([]float64, len(v.Elements))
	var atoms, squares, free float64
	for i := range molecules {
		x, h, err := datasets.Encode[float64](v, &molecules[i])
		if err != nil {
			continue // training on it says so
		}
		n := len(x) / 3
		atoms, free = atoms+float64(n), free+float64(3*(n-1))
		for _, p := range x {
			squares += p * p
		}
		for a, e := range molecules[i].Elements {
			for k, known := range v.Elements {
				if e == known {
					counts[k]++
					numbers[k] = h[f*(a+1)-1]
				}
			}
		}
	}
	for k := range counts {
		counts[k] /= max(atoms, 1)
	}
	s.Kinds.Shares = counts
	if v.Types {
		s.Kinds.Height = v.TypeHeight()
	}
	if v.AtomicNumber {
		s.Kinds.Numbers = numbers
	}
	s.Variance, s.Free = squares/max(free, 1), free/max(atoms, 1)
	return s
}

// Positions returns I(xt; x₀) of an atom, nat: of Gaussian data of the same variance,
// which tell more than any other, digits below Resolution left out.
func (s *Source) Positions(x schedule.Schedule, t float64) float64 {
	c := x.At(t)
	return s.Free * information.Gaussian(c.Alpha, c.Sigma, s.Variance, Resolution)
}

// Features returns I(ht; k) of an atom by itself, nat, to 0.002. Atoms of one molecule
// tell of each other, so that a molecule's features tell less than the sum.
func (s *Source) Features(p flow.Path, t float64) float64 {
	if p.Z != nil {
		return s.Kinds.Information(perNoise(p.H, t), perNoise(p.Z, t))
	}
	s.once.Do(func() {
		var places []float64
		for l := -4.0; l <= 4; l += 0.2 {
			places = append(places, l)
		}
		s.curve = information.NewCurve(places, func(r float64) float64 { return s.Kinds.Information(r, r) })
	})
	return s.curve.At(math.Log(max(perNoise(p.H, t), 1e-12)))
}

// perNoise is α/σ at a time.
func perNoise(s schedule.Schedule, t float64) float64 {
	c := s.At(t)
	return c.Alpha / max(c.Sigma, 1e-12)
}

// Alignment is ∫ |I_x(t)/I_x(0) - I_h(t)/I_h(0)| dt: how far apart positions and
// features come. 0 where both bring the same share at every time.
func (s *Source) Alignment(p flow.Path) (sum float64) {
	const steps = 200
	x0, h0 := s.Positions(p.X, 0), s.Features(p, 0)
	for i := range steps {
		t := (float64(i) + 0.5) / steps
		sum += math.Abs(s.Positions(p.X, t)/x0-s.Features(p, t)/h0) / steps
	}
	return sum
}

// Half is the time at which features tell half of what they tell at t = 0.
func (s *Source) Half(p flow.Path) float64 {
	low, high, half := 0.0, 1.0, s.Features(p, 0)/2
	for range 40 {
		if middle := (low + high) / 2; s.Features(p, middle) > half {
			low = middle
		} else {
			high = middle
		}
	}
	return low
}

// Curves are the information of one path by time, nat an atom but for the axis.
type Curves struct {
	Times     []float64              `json:"times"`
	Positions []float64              `json:"positions"` // closed form, of Gaussians
	Types     []float64              `json:"types"`     // quadrature, the one-hot alone
	Kinds     []float64              `json:"kinds"`     // and the channel of Z beside it
	Drawn     []information.Estimate `json:"drawn"`     // by draws of the noise
	Near      []information.Estimate `json:"near"`      // by nearest neighbours
	Axis      []information.Estimate `json:"axis"`      // nearest neighbours, one axis of one atom
	Moved     []information.Estimate `json:"moved"`     // the same of noise after its transport
}

// pairsAsked are the pairs that nearest neighbours are asked of.
const pairsAsked = 800

// Curves takes them for a path. Examples are what positions are drawn from.
func (s *Source) Curves(p flow.Path, examples []flow.Example[float32], times []float64, seed uint64) (c Curves, err error) {
	c.Times = times
	free, err := axisPairs(examples, eot.Options{Mode: eot.None}, seed)
	if err != nil {
		return c, err
	}
	moved, err := axisPairs(examples, eot.Options{Mode: eot.Both}, seed)
	if err != nil {
		return c, err
	}
	for k, t := range times {
		rng := rand.New(rand.NewPCG(seed, uint64(k)))
		number := perNoise(p.H, t)
		if p.Z != nil {
			number = perNoise(p.Z, t)
		}
		c.Positions = append(c.Positions, s.Positions(p.X, t))
		c.Types = append(c.Types, s.alone().Information(perNoise(p.H, t), number))
		c.Kinds = append(c.Kinds, s.Kinds.Information(perNoise(p.H, t), number))
		c.Drawn = append(c.Drawn, s.Kinds.Draw(perNoise(p.H, t), number, 2000, rng))
		labels, h := s.Kinds.Sample(pairsAsked, perNoise(p.H, t), number, rng)
		if near, err := information.Discrete(labels, h, 4); err == nil { // else there are more kinds than dimensions allow
			c.Near = append(c.Near, near)
		}
		for _, of := range []struct {
			pairs axis
			to    *[]information.Estimate
		}{{free, &c.Axis}, {moved, &c.Moved}} {
			x, y := of.pairs.at(p.X, t)
			e, err := information.Continuous(x, y, 4)
			if err != nil {
				return c, err
			}
			*of.to = append(*of.to, e)
		}
	}
	return c, nil
}

// axis are pairs of data and noise on one axis of one atom of each molecule, Å.
type axis struct{ data, noise []float64 }

// axisPairs draws noise for whole molecules, moves it by a transport, and keeps an axis
// of an atom, drawn, of each.
func axisPairs(examples []flow.Example[float32], o eot.Options, seed uint64) (a axis, err error) {
	align := eot.New(o)
	n := min(pairsAsked, len(examples))
	for k := range n {
		e := &examples[k*len(examples)/n]
		rng := rand.New(rand.NewPCG(seed, uint64(k)))
		z, x := make([]float64, len(e.X)), make([]float64, len(e.X))
		flow.CentredNormal(rng, z)
		for i, v := range e.X {
			x[i] = float64(v)
		}
		place := rng.IntN(len(x))
		if _, _, err := align.Align(z, x, rng); err != nil {
			return a, err
		}
		a.data, a.noise = append(a.data, x[place]), append(a.noise, z[place])
	}
	return a, nil
}

// at returns the pairs of data and state at a time, both in units of the data.
func (a axis) at(s schedule.Schedule, t float64) (x, y [][]float64) {
	c, squares := s.At(t), 0.0
	for _, v := range a.data {
		squares += v * v / float64(len(a.data))
	}
	scale := 1 / math.Sqrt(squares)
	for i, v := range a.data {
		state := (c.Alpha*v + c.Sigma*a.noise[i]) / math.Hypot(c.Alpha, c.Sigma*scale)
		x, y = append(x, []float64{scale * v}), append(y, []float64{scale * state})
	}
	return x, y
}

// Learned is what the errors of a model add up to by time, nat an atom, from above:
// what positions bring and what features bring, both being seen.
type Learned struct {
	Times []float64              `json:"times"`
	X     []information.Estimate `json:"x"`
	H     []information.Estimate `json:"h"`
}

// Denoise takes it on molecules, with noise that is independent of them.
func Denoise(m *trained.Model, examples []flow.Example[float32], times []float64, seed uint64, workers int) (l Learned, err error) {
	path := m.FlowPath()
	d := &information.Denoiser[float32]{Net: m.Field, Params: m.Average, Path: path, Output: m.Config.FlowOutput(m.Moments),
		Times: times, Align: eot.Options{Mode: eot.None}, Seed: seed, Workers: workers}
	e, err := d.Errors(examples)
	if err != nil {
		return l, err
	}
	l.Times = times
	l.X, l.H = e.Information(path)
	return l, nil
}
