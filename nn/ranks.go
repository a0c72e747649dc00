package nn

import (
	"equifm/autograd"
	"equifm/nn/parallel"
)

// RankSum is SumShards of shards that lie with several ranks: Σ shards, added in index
// order, at all of them, to the same bits as if they lay with one.
//
// Each rank adds up a slice of the numbers, for all shards. So the slices of its shards
// go to the ranks they belong to, and the sums of the slices come back. A rank with s
// shards of P numbers sends (s + 1)·P of them, less what it keeps itself, whatever the
// number of ranks. Sums of some shards, passed on from rank to rank or up a tree, would be
// sums in another order.
type RankSum[T autograd.Float] struct {
	ranks  parallel.Ranks
	ends   []int // (ranks) of the slices, in numbers
	sum    []T   // (P)
	own    []T   // of sum: this rank's slice
	pieces []T   // (shards, slice), by round, and in a round by rank
	order  [][]T // (shards) of pieces

	sent, none, received []int // (ranks) ends in bytes
}

const line = 16 // numbers, which one rank adds up: a cache line or two

// NewRankSum returns one of so many numbers.
func NewRankSum[T autograd.Float](ranks parallel.Ranks, numbers int) *RankSum[T] {
	size := ranks.Size()
	s := &RankSum[T]{ranks: ranks, ends: make([]int, size), sum: make([]T, numbers),
		sent: make([]int, size), none: make([]int, size), received: make([]int, size)}
	for k := range s.ends {
		from, to := parallel.Cut((numbers+line-1)/line, k, size)
		s.ends[k] = min(to*line, numbers)
		s.sent[k] = len(parallel.Bytes(s.sum[:s.ends[k]]))
		if k == ranks.Rank() {
			s.own = s.sum[min(from*line, numbers):s.ends[k]]
		}
	}
	return s
}

// Sum returns the sum of n shards, of which this rank has those that parallel.Own says.
// It holds until the next call.
func (s *RankSum[T]) Sum(shards [][]T, n, workers int) []T {
	s.collect(shards, n)
	SumShards(s.own, s.order, workers)
	parallel.ShareTo(s.ranks, s.sum, s.ends)
	return s.sum
}

// collect brings this rank's slice of every shard here, in rounds: in each, every rank
// that has one left sends a shard.
func (s *RankSum[T]) collect(shards [][]T, n int) {
	size := s.ranks.Size()
	if len(s.order) != n {
		s.order, s.pieces = make([][]T, n), make([]T, n*len(s.own))
	}
	rest := s.pieces
	for round := range (n + size - 1) / size {
		got := 0
		for k := range size {
			if from, to := parallel.Cut(n, k, size); from+round < to {
				s.order[from+round] = rest[got : got+len(s.own)]
				got += len(s.own)
			}
			s.received[k] = len(parallel.Bytes(rest[:got]))
		}
		var send []T
		sent := s.none
		if round < len(shards) {
			send, sent = shards[round], s.sent
		}
		s.ranks.Exchange(parallel.Bytes(send), sent, parallel.Bytes(rest[:got]), s.received)
		rest = rest[got:]
	}
}
