package egnn

import "equifm/autograd/kernel"

// blockRows is the most pairs that the fused operations take at once: few enough
// that a block's buffers stay in a core's caches, many enough that what is done
// once a block costs little.
const blockRows = 192

// A pass that does not go backward is cut finer where it is small, so that one
// molecule has work for several cores: to finePieces blocks, of fineRows or more.
const (
	finePieces = 16
	fineRows   = 16
)

// cut is how a pass's pairs are cut: into runs of one receiver, blocks of
// consecutive runs, parts and groups of consecutive blocks. All of it follows from
// the molecules and the configuration, and not from the cores at hand.
type cut struct {
	runs   []kernel.Run // all pairs, none of them (i, i), receiver by receiver
	pairs  int          // P
	blocks []block
	parts  []span // of blocks that no receiver's pairs cross: sums at receivers go by parts, side by side
	groups []span // of blocks, the same, at most as many as configured: sums of weights go by groups
}

// block is consecutive runs, and its pairs, from number first on. A receiver's
// pairs lie in one block, unless there are more than a block holds, when they
// start one: so how a molecule's sums are cut does not depend on its neighbours.
type block struct{ from, to, first, pairs int }

// span is from one to before another.
type span struct{ from, to int }

// molecules cuts the pairs of molecules of so many atoms.
func (c *cut) molecules(sizes []int, learn bool, groups int) {
	c.runs, c.blocks, c.pairs = c.runs[:0], c.blocks[:0], 0
	rows := blockRows
	if !learn {
		total := 0
		for _, n := range sizes {
			total += n * (n - 1)
		}
		rows = min(max(total/finePieces, fineRows), blockRows)
	}
	first := 0
	var b block
	for _, n := range sizes {
		for i := first; i < first+n; i++ {
			if b.pairs+n-1 > rows {
				b = c.close(b)
			}
			b = c.add(b, i, first, i)
			b = c.add(b, i, i+1, first+n)
		}
		first += n
	}
	c.close(b)
	c.divide(groups)
}

// add appends the pairs of receiver i with senders [from, to) to block b, and
// returns the block that is open then.
func (c *cut) add(b block, i, from, to int) block {
	for from < to {
		if b.pairs == blockRows {
			b = c.close(b)
		}
		n := min(to-from, blockRows-b.pairs)
		c.runs = append(c.runs, kernel.Run{I: i, J: from, N: n})
		from, b.pairs = from+n, b.pairs+n
	}
	return b
}

// close appends block b, unless it is empty, and returns the next.
func (c *cut) close(b block) block {
	if b.pairs == 0 {
		return b
	}
	b.to = len(c.runs)
	c.blocks = append(c.blocks, b)
	c.pairs += b.pairs
	return block{from: b.to, first: c.pairs}
}

// divide makes the parts and the groups.
func (c *cut) divide(groups int) {
	c.parts, c.groups = c.parts[:0], c.groups[:0]
	for k, b := range c.blocks {
		if k > 0 && c.runs[b.from].I == c.runs[b.from-1].I {
			c.parts[len(c.parts)-1].to = k + 1
			continue
		}
		c.parts = append(c.parts, span{k, k + 1})
	}
	if len(c.parts) == 0 { // lone atoms have nothing to sum, which somebody has to say
		c.groups = append(c.groups, span{})
	}
	groups = min(groups, len(c.parts))
	for g := range groups {
		from, to := g*len(c.parts)/groups, (g+1)*len(c.parts)/groups
		c.groups = append(c.groups, span{c.parts[from].from, c.parts[to-1].to})
	}
}

// part returns the blocks of part i.
func (c *cut) part(i int) []block { return c.blocks[c.parts[i].from:c.parts[i].to] }

// group returns the blocks of group i.
func (c *cut) group(i int) []block { return c.blocks[c.groups[i].from:c.groups[i].to] }
