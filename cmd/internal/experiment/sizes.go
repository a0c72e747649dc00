package experiment

import (
	"context"
	"slices"

	"equifm/cmd/internal/measure"
)

// expectedSizes is what numbers of atoms in a file have to be.
const expectedSizes = "rising numbers of atoms, 1 to 1,000"

func goodSizes(sizes []int) bool {
	for i, n := range sizes {
		if n < 1 || n > 1000 || i > 0 && n <= sizes[i-1] {
			return false
		}
	}
	return true
}

// armSizes returns an arm's own sizes, nil where it has none; ok is false for what is no
// list of them.
func armSizes(arm Keys) (sizes []int, ok bool) {
	value, there := arm["sizes"]
	if !there {
		return nil, true
	}
	list, ok := value.([]any)
	for _, v := range list {
		n, whole := v.(int64)
		sizes, ok = append(sizes, int(n)), ok && whole
	}
	return sizes, ok && len(sizes) > 0 && goodSizes(sizes)
}

// bySize samples molecules of each size by the arm's own sampler, as many as a sweep has.
// A sample that left the numbers is kept as failed.
func (s *subject) bySize(ctx context.Context, m Measure) (samples []measure.Quality, err error) {
	how := s.config.Sample
	how.Number = m.Number
	for _, n := range m.Sizes {
		q, err := s.sample(ctx, how, n)
		if err != nil {
			return nil, err
		}
		samples = append(samples, q)
	}
	return samples, nil
}

// eachSized calls f with every arm that has samples of all its sizes, of every seed.
func (o *Outcome) eachSized(f func(a *Arm)) {
	for i := range o.Arms {
		if a := &o.Arms[i]; len(a.Sizes) > 0 && a.sized() {
			f(a)
		}
	}
}

func (a *Arm) sized() bool {
	for _, r := range a.Results {
		if r.Failed() != "" || slices.ContainsFunc(r.BySize, func(q measure.Quality) bool { return q.Failed != "" }) {
			return false
		}
	}
	return true
}

// sizesOf lists the different lists of sizes that arms have, in their order.
func (o *Outcome) sizesOf() (lists [][]int) {
	o.eachSized(func(a *Arm) {
		if !slices.ContainsFunc(lists, func(l []int) bool { return slices.Equal(l, a.Sizes) }) {
			lists = append(lists, a.Sizes)
		}
	})
	return lists
}
