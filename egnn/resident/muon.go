package resident

import (
	"math"
	"slices"

	"equifm/autograd/cuda"
	"equifm/nn"
)

// muon is nn.Muon on a card. Matrices of one shape go through together.
type muon struct {
	d      *cuda.Device
	host   *nn.Muon[float32]
	groups []group
	rest   *adamW
	m      cuda.Memory // laid out as the host's
}

// group is the matrices of one shape.
type group struct {
	rows, cols int
	matrices   []nn.Block
	at         []int         // where each starts in the host's M
	x, y       cuda.Memory   // (matrices, rows, cols)
	a, b       cuda.Memory   // (matrices, side, side), side the smaller of rows and cols
	parts      cuda.Memory   // (matrices, normParts)
	X, Y, A, B cuda.Matrices // the same as lists
}

// Jordan's coefficients: see nn/newtonschulz.go.
const (
	rounds = 5
	roundA = 3.4445
	roundB = -4.7750
	roundC = 2.0315
)

// normParts is how many partial sums the card makes of the squares of a matrix.
const normParts = 1 << 8

func newMuon(d *cuda.Device, host *nn.Muon[float32]) *muon {
	u := &muon{d: d, host: host, rest: newAdamW(d, host.Rest), m: d.New(len(host.M))}
	at := 0
	for _, b := range host.Matrices() {
		k := slices.IndexFunc(u.groups, func(g group) bool { return g.rows == b.Rows && g.cols == b.Cols })
		if k < 0 {
			k = len(u.groups)
			u.groups = append(u.groups, group{rows: b.Rows, cols: b.Cols})
		}
		g := &u.groups[k]
		g.matrices, g.at = append(g.matrices, b), append(g.at, at)
		at += b.Len()
	}
	for k := range u.groups {
		u.groups[k].reserve(d)
	}
	return u
}

// reserve takes the group's memory.
func (g *group) reserve(d *cuda.Device) {
	count, n, side := len(g.matrices), g.rows*g.cols, min(g.rows, g.cols)
	g.x, g.y, g.a, g.b, g.parts = d.New(count*n), d.New(count*n), d.New(count*side*side), d.New(count*side*side), d.New(count*normParts)
	g.X, g.Y = d.Matrices(g.x, count, n, g.cols), d.Matrices(g.y, count, n, g.cols)
	g.A, g.B = d.Matrices(g.a, count, side*side, side), d.Matrices(g.b, count, side*side, side)
}

func (u *muon) load() {
	u.d.Write(u.m, u.host.M)
	u.rest.load()
}

func (u *muon) fetch() {
	u.d.Read(u.host.M, u.m)
	u.rest.fetch()
}

// move takes the step: M ← μ·M + (1−μ)·g, X = μ·M + (1−μ)·g, and W ← (1 − lr·wd)·W −
// lr·0.2·√max(m, n)·X made orthogonal.
func (u *muon) move(f *Field, lr, scale float64) {
	d := u.d
	keep, take := cuda.Float(u.host.Momentum), cuda.Float((1-u.host.Momentum)*scale)
	for k := range u.groups {
		group := &u.groups[k]
		n := group.rows * group.cols
		for i, b := range group.matrices {
			g, m := f.slope(b).Memory, u.m.Part(group.at[i], n)
			d.Launch("blend", n, keep, m, take, g, m)
			d.Launch("blend", n, keep, m, take, g, group.x.Part(i*n, n))
		}
		x := group.orthogonal(d)
		step := lr * 0.2 * math.Sqrt(float64(max(group.rows, group.cols)))
		for i, b := range group.matrices {
			w := f.weight(b).Memory
			d.Launch("blend", n, cuda.Float(1-lr*u.host.Rest.WeightDecay), w, cuda.Float(-step), x.Part(i*n, n), w)
		}
	}
	u.rest.move(f, lr, scale)
}

// orthogonal brings the singular values of the matrices in x near 1, in x or y, which it
// returns. Where there are more rows than columns, XᵀX on the right takes the place of XXᵀ
// on the left: the same X.
func (g *group) orthogonal(d *cuda.Device) cuda.Memory {
	n, side, tall := g.rows*g.cols, min(g.rows, g.cols), g.rows > g.cols
	x, y, X, Y := g.x, g.y, g.X, g.Y
	d.Launch("square_parts", g.parts.Len(), cuda.Int(n), cuda.Int(normParts), x, g.parts)
	d.Launch("normalise", x.Len(), cuda.Int(n), cuda.Int(normParts), g.parts, x)
	for range rounds { // X ← a·X + (b·A + c·A²)·X, A = XXᵀ
		d.GemmEach(tall, !tall, side, side, max(g.rows, g.cols), 1, X, X, 0, g.A)
		d.Copy(g.b, g.a)
		d.GemmEach(false, false, side, side, side, roundC, g.A, g.A, roundB, g.B)
		d.Copy(y, x)
		if tall {
			d.GemmEach(false, false, g.rows, g.cols, side, 1, X, g.B, roundA, Y)
		} else {
			d.GemmEach(false, false, g.rows, g.cols, side, 1, g.B, X, roundA, Y)
		}
		x, y, X, Y = y, x, Y, X
	}
	return x
}
