package egnn

import (
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

// headBuffers are the numbers of the coordinates' head: a block's, and the
// positions by coordinates.
type headBuffers[T autograd.Float] struct {
	length    []T // (R) d = sqrt(d² + 1e-8), Å
	inverse   []T // (R) 1/((d+c)·norm)
	tanh      []T // (R) tanh(s)
	weight    []T // (R) of x_i-x_j in the sum, s/((d+c)·norm) or range·tanh(s)/((d+c)·norm)
	slope     []T // (R) its derivative by s
	dweight   []T // (R) its gradient
	perLength []T // (R) -norm/(2d)
	shift     []T // (3, N) the sum, Å
	dy        []T // (3, N) gradient of y
}

// coordinates returns the positions after the block's update, (N, 3), Å.
func (f *Field[T]) coordinates(t *autograd.Tape[T], v nn.View[T], l layer, ws *workspace[T], h, x, x0 *autograd.Tensor[T]) *autograd.Tensor[T] {
	o := autograd.OpStruct[coordinateOp[T]](t)
	*o = coordinateOp[T]{edgeMLP: newEdgeMLP(v, l.coord, ws, h, x, x0), w: v.Tensor(l.coordOut.W),
		constant: T(f.NormConstant), norm: T(f.NormFactor)}
	if f.Tanh {
		o.bound = T(f.CoordsRange)
	}
	o.y = t.Result(x.Rows, 3, h.Grad != nil || o.w2.Grad != nil || x.Grad != nil)
	o.prepare(t, o.y.Grad != nil)
	clear(ws.head.shift)
	for _, b := range ws.blocks {
		o.activate(b, o.w.Data)
		o.weights(b.pairs)
		kernel.PairShift(ws.head.shift, o.planes, ws.head.weight[:b.pairs], ws.runs[b.from:b.to]) // Σ_j (x_i-x_j)·weight
	}
	copy(o.y.Data, x.Data)
	addPlanes(o.y.Data, ws.head.shift)
	if o.y.Grad != nil {
		t.Record(o)
	}
	return o.y
}

// weights writes the weights of n pairs.
func (o *coordinateOp[T]) weights(n int) {
	h, s := &o.ws.head, o.ws.s[:n]
	kernel.Length(h.length[:n], o.ws.d[:n], distanceEps)
	kernel.Inverse(h.inverse[:n], h.length[:n], o.constant, o.norm)
	if o.bound == 0 {
		kernel.Mul(h.weight[:n], s, h.inverse[:n])
		return
	}
	kernel.Tanh(h.tanh[:n], s)
	kernel.Mul(h.weight[:n], h.tanh[:n], h.inverse[:n])
	kernel.Scale(h.weight[:n], o.bound, h.weight[:n])
}

// slopes writes the derivatives of the weights.
func (o *coordinateOp[T]) slopes(n int) {
	h := &o.ws.head
	slope := h.slope[:n]
	if o.bound == 0 {
		copy(slope, h.inverse)
		return
	}
	clear(slope)
	kernel.TanhGrad(slope, h.tanh[:n], h.inverse[:n])
	kernel.Scale(slope, o.bound, slope)
}

func (o *coordinateOp[T]) Backward() {
	ws, E, h := o.ws, o.ws.edge, &o.ws.head
	if o.x.Grad != nil { // y_i = x_i + …  ⇒  dx_i += dy_i
		kernel.Add(o.x.Grad, o.y.Grad)
	}
	toPlanes(h.dy, o.y.Grad)
	ws.clearSums()
	for _, b := range ws.blocks {
		n, runs := b.pairs, ws.runs[b.from:b.to]
		o.activateBoth(b, o.w.Data)
		o.weights(n)
		o.slopes(n)
		kernel.PairShiftGrad(ws.dx, h.dweight[:n], o.planes, h.weight[:n], h.dy, runs)
		o.backDistance(n)
		m, ds := ws.m[:n*E], ws.ds[:n]
		kernel.Mul(ds, h.slope[:n], h.dweight[:n])
		if o.w.Grad != nil { // s = w·m  ⇒  dw += Σ ds·m
			kernel.ScaleRowsAdd(o.w.Grad, m, ds)
		}
		kernel.DotGrad(ws.dz[:n*E], ds, o.w.Data, ws.mSlope[:n*E]) // s = w·m, m = SiLU(z + b2)
		o.carry(b)
	}
	o.finish()
}

// backDistance takes the weights' gradients of n pairs to d².
func (o *coordinateOp[T]) backDistance(n int) {
	h, dd := &o.ws.head, o.ws.dd[:n]
	// weight = s/((d+c)·norm), d = sqrt(d²+ε)  ⇒  dd² = -dweight·weight/((d+c)·norm)·norm/(2d)
	kernel.Inverse(h.perLength[:n], h.length[:n], 0, -2/o.norm)
	kernel.Mul(dd, h.dweight[:n], h.weight[:n])
	kernel.Mul(dd, dd, h.inverse[:n])
	kernel.Mul(dd, dd, h.perLength[:n])
	clear(o.ws.dd0[:n])
}
