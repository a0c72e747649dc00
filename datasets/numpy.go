package datasets

import "math/bits"

// mt19937 is the Mersenne Twister as numpy.random.seed seeds it and
// numpy.random.permutation draws from it: the published splits of QM9 are such
// permutations. M. Matsumoto, T. Nishimura, ACM TOMACS 8, 3 (1998).
type mt19937 struct {
	state [mtN]uint32
	next  int
}

const (
	mtN = 624 // words of state
	mtM = 397 // the recurrence's middle word
)

// newMT19937 seeds by init_genrand, as numpy.random.seed(seed) does.
func newMT19937(seed uint32) *mt19937 {
	g := &mt19937{next: mtN}
	for i := range g.state {
		g.state[i] = seed
		seed = 1812433253*(seed^seed>>30) + uint32(i) + 1
	}
	return g
}

// Uint32 returns the next 32 random bits.
func (g *mt19937) Uint32() uint32 {
	if g.next == mtN {
		g.twist()
	}
	y := g.state[g.next]
	g.next++
	y ^= y >> 11
	y ^= y << 7 & 0x9d2c5680
	y ^= y << 15 & 0xefc60000
	return y ^ y>>18
}

func (g *mt19937) twist() {
	s := &g.state
	for i := range s {
		y := s[i]&0x80000000 | s[(i+1)%mtN]&0x7fffffff
		s[i] = s[(i+mtM)%mtN] ^ y>>1
		if y&1 == 1 {
			s[i] ^= 0x9908b0df
		}
	}
	g.next = 0
}

// upTo draws uniformly from 0 … limit: as many bits as limit has, again until they fit.
func (g *mt19937) upTo(limit uint32) uint32 {
	mask := uint32(1)<<bits.Len32(limit) - 1
	for {
		if v := g.Uint32() & mask; v <= limit {
			return v
		}
	}
}

// numpyPermutation is numpy.random.seed(seed); numpy.random.permutation(n).
func numpyPermutation(seed uint32, n int) []int {
	g := newMT19937(seed)
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	for i := n - 1; i > 0; i-- {
		j := g.upTo(uint32(i))
		p[i], p[j] = p[j], p[i]
	}
	return p
}
