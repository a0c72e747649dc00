package main

import (
	"fmt"
	"math"
	"math/bits"
	"testing"
)

// network is what lies between ranks, as one of them has it.
type network struct {
	name      string
	latency   float64 // of a message, s
	bandwidth float64 // B/s, out and in at once
}

// Two to reckon with; neither was measured here.
var networks = []network{
	{"10Gbit-Ethernet", 20e-6, 1.1e9},
	{"100Gbit-InfiniBand", 2e-6, 11e9},
}

// step is one of a training, as a rank has it.
type step struct {
	shards     int     // S of the batch
	shard      float64 // of each shard, with all of the rank's cores, s
	optimiser  float64 // and the average, which every rank takes, s
	parameters float64 // P
}

// alone is the time of the step at one rank, s.
func (s step) alone() float64 { return float64(s.shards)*s.shard + s.optimiser }

// shared is the time with so many ranks as nn.RankSum goes about it: in each of ⌈S/R⌉ rounds a
// slice of a shard to each of the others, then the sum of a slice to each of the others.
func (s step) shared(ranks int, n network) float64 {
	rounds, others := float64((s.shards+ranks-1)/ranks), float64(ranks-1)
	return rounds*s.shard + s.optimiser + (rounds+1)*(others*n.latency+4*s.parameters/float64(ranks)*others/n.bandwidth)
}

// tree is the time if sums of ranks' shards went up a binary tree and the whole came down, all
// numbers at every level: in a fixed order too, though not in that of one process.
func (s step) tree(ranks int, n network) float64 {
	rounds, levels := float64((s.shards+ranks-1)/ranks), float64(bits.Len(uint(ranks-1)))
	return rounds*s.shard + s.optimiser + 2*levels*(n.latency+4*s.parameters/n.bandwidth)
}

// Ranks of 16 cores at hidden 256, 9 layers: a molecule takes 1.25 s / 64 of one core
// (BenchmarkTrainStep), 16 cores are 14.6 (BenchmarkCores), and the optimiser is taken to be
// 20 ms of one.
const (
	moleculeTime  = 1.25 / 64 / 14.6
	optimiserTime = 0.02 / 14.6
	published     = 5_339_920
)

// BenchmarkRanks says how many times as fast a training would be with more ranks than one:
// of a batch of 64, which each cuts into a shard a rank, and of 64 molecules a rank in one
// shard. It is arithmetic, by a step's time that was measured on one machine, and networks
// that were not. BenchmarkTraffic counts its bytes, and measures them in the memory of one.
func BenchmarkRanks(b *testing.B) {
	for _, n := range networks {
		for _, ranks := range []int{2, 4, 16, 64, 256, 1024} {
			for _, c := range []struct {
				name      string
				molecules int // a rank
			}{{"batch=64", 64 / ranks}, {"batch=64·ranks", 64}} {
				if c.molecules == 0 {
					continue
				}
				b.Run(fmt.Sprintf("%s/%s/ranks=%d", n.name, c.name, ranks), func(b *testing.B) {
					s := step{ranks, moleculeTime * float64(c.molecules), optimiserTime, published}
					for range b.N {
					}
					b.ReportMetric(0, "ns/op")
					b.ReportMetric(s.alone()/s.shared(ranks, n), "times")
					b.ReportMetric(s.alone()/s.tree(ranks, n), "times-by-tree")
				})
			}
		}
	}
}

// A model with a known answer.
func TestRanksModel(t *testing.T) {
	n := network{"", 0.001, 4000}
	s := step{shards: 4, shard: 1, optimiser: 0.5, parameters: 1000}
	for _, c := range []struct {
		ranks        int
		shared, tree float64
	}{
		{1, 4.5, 4.5},
		{2, 2 + 0.5 + 3*(0.001+0.5), 2 + 0.5 + 2*1.001},
		{4, 1 + 0.5 + 2*(0.003+0.75), 1 + 0.5 + 4*1.001},
	} {
		if got := s.shared(c.ranks, n); math.Abs(got-c.shared) > 1e-9 {
			t.Errorf("%d ranks: %v s, want %v", c.ranks, got, c.shared)
		}
		if got := s.tree(c.ranks, n); math.Abs(got-c.tree) > 1e-9 {
			t.Errorf("%d ranks by a tree: %v s, want %v", c.ranks, got, c.tree)
		}
	}
}
