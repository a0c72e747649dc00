package kernel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// aliases names, for each kernel, the pairs of a result and an argument that the
// comments allow to be one slice.
var aliases = map[string][][2]int{
	"Exp": {{0, 1}}, "Sigmoid": {{0, 1}}, "Tanh": {{0, 1}}, "SiLU": {{0, 1}},
	"SiLUBoth": {{0, 2}, {1, 2}}, "Scale": {{0, 1}}, "Mul": {{0, 1}, {0, 2}},
	"BiasSiLU": {{0, 1}}, "BiasSiLUBoth": {{0, 2}, {1, 2}},
}

// In place the results are the same, to the bit.
func TestAliases(t *testing.T) {
	const rows, n = 5, 67
	eachISA(t, func(t *testing.T) {
		rnd := rand.New(rand.NewPCG(13, 14))
		for _, c := range calls {
			for _, pair := range aliases[c.name] {
				args, _ := arena(c.sizes(rows, n), func() float32 { return float32(rnd.NormFloat64()) })
				in := slices.Clone(args[pair[1]])
				c.fast(args, rows, n)
				var want [][]float32
				for _, a := range args[:c.out] {
					want = append(want, slices.Clone(a))
				}
				copy(args[pair[1]], in)
				args[pair[0]] = args[pair[1]]
				c.fast(args, rows, n)
				for i := range want {
					if !slices.Equal(args[i], want[i]) {
						t.Errorf("%s with argument %d as result %d: result %d differs", c.name, pair[1], pair[0], i)
					}
				}
			}
		}
	})
}
