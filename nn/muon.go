package nn

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"equifm/autograd"
	"equifm/autograd/kernel"
	"equifm/nn/parallel"
	"equifm/nn/safetensors"
)

// Muon moves matrices by their orthogonalised momentum (Jordan 2024,
// kellerjordan.github.io/posts/muon), and all other parameters by AdamW. With
// momentum μ and the gradient g of a matrix W (m, n):
//
//	M ← μ·M + (1−μ)·g     X = μ·M + (1−μ)·g
//	W ← (1 − lr·wd)·W − lr·0.2·√max(m, n)·UVᵀ, where X = U·S·Vᵀ
//
// with UVᵀ as near as five rounds of Newton–Schulz bring X, or with Poles as a rational function
// does in a third of their arithmetic (two, nearer) or a sixth (one, less near), and not moved where
// X is zero. The factor is Liu et al.'s (2025, arXiv 2502.16982): a step then has the size of
// AdamW's, and one learning rate and one weight decay serve both.
type Muon[T autograd.Float] struct {
	Momentum float64 // μ
	Poles    int     // 1 or 2: UVᵀ by a rational function with so many pairs of poles rather than in rounds, set before the first step; see poles.go
	M        []T     // the matrices' M, one after the other, as NewMuon was given them

	// Rest moves the other parameters. Its WeightDecay is the matrices' too, its
	// Steps are Muon's.
	Rest *AdamW[T]

	params   *Params[T]
	matrices []Block
	jobs     []muonJob         // the same, the most work first
	scratch  []newtonSchulz[T] // of each worker
}

// muonJob is a matrix whose M starts at a place of Muon.M.
type muonJob struct {
	Block
	at int
}

// NewMuon returns the optimiser of every parameter of p: Muon with a momentum of
// 0.95 for these blocks of it, and for the rest what [NewAdamW] returns.
func NewMuon[T autograd.Float](p *Params[T], matrices []Block) *Muon[T] {
	u := &Muon[T]{Momentum: 0.95, params: p, matrices: slices.Clone(matrices)}
	taken := make([]bool, len(p.Blocks))
	n := 0
	for _, b := range matrices {
		if known, ok := p.Lookup(b.Name); !ok || known != b || taken[b.index] {
			panic(fmt.Sprintf("nn: NewMuon: %q is no block of these parameters, or there twice", b.Name))
		}
		taken[b.index] = true
		u.jobs = append(u.jobs, muonJob{b, n})
		n += b.Len()
	}
	slices.SortStableFunc(u.jobs, func(a, b muonJob) int { return cmp.Compare(b.work(), a.work()) })
	var rest []Block
	for i, b := range p.Blocks {
		if !taken[i] {
			rest = append(rest, b)
		}
	}
	u.M, u.Rest = make([]T, n), newAdamW(p, rest)
	return u
}

// work is what a round of Newton–Schulz takes, in products of m², m, n ≥ m.
func (j muonJob) work() int { return j.Len() * min(j.Rows, j.Cols) }

// Step moves the parameters against scale·grad; see [Optimizer].
func (u *Muon[T]) Step(grad []T, lr, scale float64, workers int) {
	u.params.mustStep("Muon", grad, u.Rest.made)
	for len(u.scratch) < min(max(workers, 1), len(u.jobs)) {
		u.scratch = append(u.scratch, u.newScratch())
	}
	parallel.Each(len(u.jobs), workers, func(w, i int) error {
		u.move(u.jobs[i], &u.scratch[w], grad, lr, scale)
		return nil
	})
	u.Rest.Step(grad, lr, scale, workers)
}

// newScratch returns what the largest matrix needs.
func (u *Muon[T]) newScratch() (s newtonSchulz[T]) {
	var longest, m, n int
	for _, b := range u.matrices {
		longest, m, n = max(longest, b.Len()), max(m, min(b.Rows, b.Cols)), max(n, b.Rows, b.Cols)
	}
	s.x, s.y = make([]T, longest), make([]T, longest)
	s.a, s.b = make([]T, m*m), make([]T, m*m)
	s.poles = newPoles[T](u.Poles, m, n)
	return s
}

// move takes the step of one matrix.
func (u *Muon[T]) move(j muonJob, s *newtonSchulz[T], grad []T, lr, scale float64) {
	w, g, m, x := u.params.Slice(j.Block), in(grad, j.Offset, j.Block), in(u.M, j.at, j.Block), s.x[:j.Len()]
	keep, take := T(u.Momentum), T((1-u.Momentum)*scale)
	blend(m, keep, m, take, g)
	blend(x, keep, m, take, g)
	step := lr * 0.2 * math.Sqrt(float64(max(j.Rows, j.Cols)))
	blend(w, T(1-lr*u.Rest.WeightDecay), w, T(-step), s.orthogonal(j.Rows, j.Cols))
}

// blend writes dst = a·x + b·y; dst may be x.
func blend[T autograd.Float](dst []T, a T, x []T, b T, y []T) {
	kernel.Scale(dst, a, x)
	kernel.AddScaled(dst, b, y)
}

// Matrices returns those that it moves itself, in the order in which M has them.
func (u *Muon[T]) Matrices() []Block { return slices.Clone(u.matrices) }

// Named returns M under prefix and "momentum.", and under prefix what
// [AdamW.Named] returns of the rest.
func (u *Muon[T]) Named(prefix string) []safetensors.Tensor { return named(u.state(prefix)...) }

// Load reads what Named wrote after so many steps; see [Optimizer].
func (u *Muon[T]) Load(f *safetensors.File, prefix string, steps int) error {
	if err := load(f, u.state(prefix)...); err != nil {
		return err
	}
	u.Rest.Steps = steps
	return nil
}

func (u *Muon[T]) state(prefix string) []section[T] {
	return append(u.Rest.state(prefix), section[T]{prefix + "momentum.", u.matrices, u.M, false})
}
