package egnn

import (
	"math"

	"equifm/autograd"
	"equifm/autograd/kernel"
	"equifm/nn"
)

// coordinateOp is y_i = x_i + Σ_j (x_i-x_j)/(d_ij+c)·s_ij / norm with
// s = w·m, m the edge perceptron, and s ← range·tanh(s) if bounded: EGNN eq. 4,
// EDM eq. 12.
type coordinateOp[T autograd.Float] struct {
	edgeMLP[T]
	w              *autograd.Tensor[T] // (1, E)
	bound          T                   // range of s; 0 for none
	constant, norm T                   // c, Å; divisor of the sum
	y              *autograd.Tensor[T] // (N, 3), Å
}

// coordinates returns the positions after the block's update, (N, 3), Å.
func (f *Field[T]) coordinates(t *autograd.Tape[T], v nn.View[T], l layer, ws *workspace[T], h, x, x0 *autograd.Tensor[T]) *autograd.Tensor[T] {
	o := autograd.OpStruct[coordinateOp[T]](t)
	*o = coordinateOp[T]{edgeMLP: newEdgeMLP(v, l.coord, ws, h, x, x0), w: v.Tensor(l.coordOut.W),
		constant: T(f.NormConstant), norm: T(f.NormFactor)}
	if f.Tanh {
		o.bound = T(f.CoordsRange)
	}
	o.prepare(t)
	o.y = t.Result(x.Rows, 3, h.Grad != nil || o.w2.Grad != nil || x.Grad != nil)
	copy(o.y.Data, x.Data)
	ws.blocks(func(b []run, rows int) {
		o.activate(b, rows, false)
		o.weights(rows)
		p := 0
		for _, r := range b { // y_i += (x_i-x_j)·gate
			for k, g := range ws.gate[p : p+r.n] {
				i, j := 3*r.i, 3*(r.j+k)
				for c := range 3 {
					o.y.Data[i+c] += (x.Data[i+c] - x.Data[j+c]) * g
				}
			}
			p += r.n
		}
	})
	if o.y.Grad != nil {
		t.Record(o)
	}
	return o.y
}

// weights writes s_ij/((d_ij+c)·norm) of a block into ws.gate, and into ws.dgate
// its derivative by w·m.
func (o *coordinateOp[T]) weights(rows int) {
	ws := o.ws
	gate, slope := ws.gate[:rows], ws.dgate[:rows]
	kernel.RowDot(gate, ws.m[:rows*ws.edge], o.w.Data)
	if o.bound > 0 {
		kernel.Tanh(gate, gate)
	}
	for p, s := range gate {
		inverse := 1 / ((o.distance(p) + o.constant) * o.norm)
		if o.bound > 0 { // s ← range·tanh(s)
			gate[p], slope[p] = o.bound*s*inverse, o.bound*(1-s*s)*inverse
		} else {
			gate[p], slope[p] = s*inverse, inverse
		}
	}
}

// distance is sqrt(d² + 1e-8) of pair p of the block, Å.
func (o *coordinateOp[T]) distance(p int) T {
	return T(math.Sqrt(float64(o.ws.d[p] + distanceEps)))
}

func (o *coordinateOp[T]) Backward() {
	ws, E, dy := o.ws, o.ws.edge, o.y.Grad
	if o.x.Grad != nil { // y_i = x_i + …  ⇒  dx_i += dy_i
		kernel.Add(o.x.Grad, dy)
	}
	dwd, dw0 := ws.clearSums()
	ws.blocks(func(b []run, rows int) {
		o.activate(b, rows, true)
		o.weights(rows)
		p := 0
		for _, r := range b {
			o.backDirection(dy, r, p)
			p += r.n
		}
		m, dm, ds := ws.m[:rows*E], ws.dm[:rows*E], ws.dgate[:rows]
		if o.w.Grad != nil { // s = w·m  ⇒  dw += Σ ds·m
			kernel.ScaleRowsAdd(o.w.Grad, m, ds)
		}
		clear(ws.dd0[:rows])
		// s = w·m, m = SiLU(z)  ⇒  dz = ds·w⊙SiLU'(z)
		kernel.OuterMul(dm, ds, o.w.Data, ws.dd0[:rows], o.w.Data, dm)
		o.carry(b, rows, dwd, dw0)
	})
	o.finish(dwd, dw0)
}

// backDirection takes dy_i back through (x_i-x_j)·gate for one run, whose first
// pair is p: to x, to w·m in ws.dgate, and to d² in ws.dd.
func (o *coordinateOp[T]) backDirection(dy []T, r run, p int) {
	ws, x, dx := o.ws, o.x.Data, o.x.Grad
	for k := range r.n {
		i, j, q := 3*r.i, 3*(r.j+k), p+k
		g := ws.gate[q]
		var dg T // gate's gradient, (x_i-x_j)·dy_i
		for c := range 3 {
			dg += (x[i+c] - x[j+c]) * dy[i+c]
			if dx != nil {
				dx[i+c] += g * dy[i+c]
				dx[j+c] -= g * dy[i+c]
			}
		}
		ws.dgate[q] *= dg
		// gate = s/((d+c)·norm), d = sqrt(d²+ε)  ⇒  dd² += -dg·gate/(d+c)/(2d)
		d := o.distance(q)
		ws.dd[q] = -dg * g / ((d + o.constant) * 2 * d)
	}
}
