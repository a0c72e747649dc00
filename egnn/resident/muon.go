package resident

import (
	"math"

	"equifm/autograd/cuda"
	"equifm/nn"
)

// muon is nn.Muon on a card.
type muon struct {
	d        *cuda.Device
	host     *nn.Muon[float32]
	matrices []nn.Block
	rest     *adamW
	m        cuda.Memory // laid out as the host's
	x, y     cuda.Memory // (longest matrix)
	a, b     cuda.Memory // (side, side) of the largest product of one with itself
	parts    cuda.Memory
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
	u := &muon{d: d, host: host, matrices: host.Matrices(), rest: newAdamW(d, host.Rest), m: d.New(len(host.M)), parts: d.New(normParts)}
	for _, b := range u.matrices {
		side := min(b.Rows, b.Cols)
		d.Grow(&u.x, b.Len())
		d.Grow(&u.y, b.Len())
		d.Grow(&u.a, side*side)
		d.Grow(&u.b, side*side)
	}
	return u
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
	d, at := u.d, 0
	keep, take := cuda.Float(u.host.Momentum), cuda.Float((1-u.host.Momentum)*scale)
	for _, b := range u.matrices {
		n := b.Len()
		w, g, m, x := f.weight(b).Memory, f.slope(b).Memory, u.m.Part(at, n), u.x.Part(0, n)
		d.Launch("blend", n, keep, m, take, g, m)
		d.Launch("blend", n, keep, m, take, g, x)
		x = u.orthogonal(b.Rows, b.Cols)
		step := lr * 0.2 * math.Sqrt(float64(max(b.Rows, b.Cols)))
		d.Launch("blend", n, cuda.Float(1-lr*u.host.Rest.WeightDecay), w, cuda.Float(-step), x, w)
		at += n
	}
	u.rest.move(f, lr, scale)
}

// orthogonal brings the singular values of the matrix in x near 1, in x or y, which it
// returns. Where there are more rows than columns, XᵀX on the right takes the place of XXᵀ
// on the left: the same X.
func (u *muon) orthogonal(rows, cols int) cuda.Memory {
	d, n, side := u.d, rows*cols, min(rows, cols)
	x, y := u.x.Part(0, n), u.y.Part(0, n)
	a, b := u.a.Part(0, side*side).By(side), u.b.Part(0, side*side).By(side)
	d.Launch("square_parts", normParts, cuda.Int(n), x, u.parts)
	d.Launch("normalise", n, cuda.Int(normParts), u.parts, x)
	for range rounds { // X ← a·X + (b·A + c·A²)·X, A = XXᵀ
		tall := rows > cols
		d.Gemm(tall, !tall, side, side, max(rows, cols), x.By(cols), x.By(cols), 0, a)
		d.Copy(b.Memory, a.Memory)
		d.GemmScaled(false, false, side, side, side, roundC, a, a, roundB, b)
		d.Copy(y, x)
		if tall {
			d.Gemm(false, false, rows, cols, side, x.By(cols), b, roundA, y.By(cols))
		} else {
			d.Gemm(false, false, rows, cols, side, b, x.By(cols), roundA, y.By(cols))
		}
		x, y = y, x
	}
	return x
}
