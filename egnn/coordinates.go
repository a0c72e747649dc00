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

// headBuffers are a block's numbers of the coordinates' head.
type headBuffers[T autograd.Float] struct {
	length    []T // (R) d = sqrt(d² + 1e-8), Å
	inverse   []T // (R) 1/((d+c)·norm)
	tanh      []T // (R) tanh(s)
	weight    []T // (R) of x_i-x_j in the sum, s/((d+c)·norm) or range·tanh(s)/((d+c)·norm)
	slope     []T // (R) its derivative by s
	dweight   []T // (R) its gradient
	perLength []T // (R) -norm/(2d)
}

// newCoordinates returns the operation for features h, its per-atom products still to
// be done by columns.
func (f *Field[T]) newCoordinates(t *autograd.Tape[T], v nn.View[T], l layer, ws *workspace[T], h, x0 *autograd.Tensor[T]) *coordinateOp[T] {
	o := autograd.OpStruct[coordinateOp[T]](t)
	*o = coordinateOp[T]{edgeMLP: newEdgeMLP(t, v, l.coord, ws, h, x0), w: v.Tensor(l.coordOut.W),
		constant: T(f.NormConstant), norm: T(f.NormFactor)}
	if f.Tanh {
		o.bound = T(f.CoordsRange)
	}
	return o
}

// move returns the positions after the layer's update, (N, 3), Å; beside the pairs it
// does what waits to be done by columns.
func (o *coordinateOp[T]) move(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	ws := o.ws
	o.y = t.Result(x.Rows, 3, o.h.Grad != nil || o.w2.Grad != nil || x.Grad != nil)
	o.prepare(t, x, o.y.Grad != nil)
	clear(ws.shift)
	ws.byColumns.runBeside(t, len(ws.cut.parts), (*coordinateForward[T])(o))
	copy(o.y.Data, x.Data)
	addPlanes(o.y.Data, ws.shift)
	if o.y.Grad != nil {
		t.Record(o)
	}
	return o.y
}

// coordinateForward is the operation as parts that hands compute.
type coordinateForward[T autograd.Float] coordinateOp[T]

// Do sums the shifts of part i's receivers.
func (f *coordinateForward[T]) Do(t *autograd.Tape[T], i int) {
	o, s, ws := (*coordinateOp[T])(f), scratch[T]{}, f.ws
	s.take(t, ws.edge, false)
	for _, b := range ws.cut.part(i) {
		o.activate(b, &s, o.w.Data)
		o.weights(&s, b.pairs)
		kernel.PairShift(ws.shift, o.planes, s.head.weight[:b.pairs], o.runs(b)) // Σ_j (x_i-x_j)·weight
	}
}

// weights writes the weights of n pairs.
func (o *coordinateOp[T]) weights(s *scratch[T], n int) {
	h, dot := &s.head, s.s[:n]
	kernel.Length(h.length[:n], s.d[:n], distanceEps)
	kernel.Inverse(h.inverse[:n], h.length[:n], o.constant, o.norm)
	if o.bound == 0 {
		kernel.Mul(h.weight[:n], dot, h.inverse[:n])
		return
	}
	kernel.Tanh(h.tanh[:n], dot)
	kernel.Mul(h.weight[:n], h.tanh[:n], h.inverse[:n])
	kernel.Scale(h.weight[:n], o.bound, h.weight[:n])
}

// slopes writes the derivatives of the weights.
func (o *coordinateOp[T]) slopes(s *scratch[T], n int) {
	h := &s.head
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
	ws := o.ws
	if o.x.Grad != nil { // y_i = x_i + …  ⇒  dx_i += dy_i
		kernel.Add(o.x.Grad, o.y.Grad)
	}
	toPlanes(ws.dy, o.y.Grad)
	o.prepareBack()
	ws.sums[0].dw, ws.sums[0].db = o.w.Grad, nil
	ws.tape.Share(len(ws.cut.groups), (*coordinateBackward[T])(o))
	o.finish()
}

// coordinateBackward is the operation's backward as groups of pairs that hands compute.
type coordinateBackward[T autograd.Float] coordinateOp[T]

// Do carries the gradient through the pairs of group i.
func (f *coordinateBackward[T]) Do(t *autograd.Tape[T], i int) {
	o, s, ws := (*coordinateOp[T])(f), scratch[T]{}, f.ws
	s.take(t, ws.edge, true)
	sums := &ws.sums[i]
	sums.clear(i == 0)
	for _, b := range ws.cut.group(i) {
		o.block(b, &s, sums)
	}
}

// block carries the gradient through the pairs of a block.
func (o *coordinateOp[T]) block(b block, s *scratch[T], sums *edgeSums[T]) {
	n, E, h, runs := b.pairs, o.ws.edge, &s.head, o.runs(b)
	o.activateBoth(b, s, o.w.Data)
	o.weights(s, n)
	o.slopes(s, n)
	kernel.PairShiftGrad(sums.dx, h.dweight[:n], o.planes, h.weight[:n], o.ws.dy, runs)
	o.backDistance(s, n)
	m, ds := s.m[:n*E], s.ds[:n]
	kernel.Mul(ds, h.slope[:n], h.dweight[:n])
	if o.w.Grad != nil { // s = w·m  ⇒  dw += Σ ds·m
		kernel.ScaleRowsAdd(sums.dw, m, ds)
	}
	kernel.DotGrad(s.dz[:n*E], ds, o.w.Data, s.mSlope[:n*E]) // s = w·m, m = SiLU(z + b2)
	o.carry(b, s, sums)
}

// backDistance takes the weights' gradients of n pairs to d².
func (o *coordinateOp[T]) backDistance(s *scratch[T], n int) {
	h, dd := &s.head, s.dd[:n]
	// weight = s/((d+c)·norm), d = sqrt(d²+ε)  ⇒  dd² = -dweight·weight/((d+c)·norm)·norm/(2d)
	kernel.Inverse(h.perLength[:n], h.length[:n], 0, -2/o.norm)
	kernel.Mul(dd, h.dweight[:n], h.weight[:n])
	kernel.Mul(dd, dd, h.inverse[:n])
	kernel.Mul(dd, dd, h.perLength[:n])
	clear(s.dd0[:n])
}
