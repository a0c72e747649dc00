package egnn

import (
	"equifm/autograd"
	"equifm/autograd/kernel"
	"equifm/nn"
)

// messageOp is y_i = Σ_j g_ij·m_ij / norm with m the edge perceptron and
// g = σ(w·m + b), or 1 without attention: EGNN eq. 3 and 5, EDM eq. 12.
type messageOp[T autograd.Float] struct {
	edgeMLP[T]
	w, b  *autograd.Tensor[T] // (1, E), (1, 1) of the gate; zeros without attention
	gated bool                // attention
	norm  T                   // the sum's divisor
	y     *autograd.Tensor[T] // (N, E)
}

// gateBuffers are a block's numbers of the gate.
type gateBuffers[T autograd.Float] struct {
	input   []T // (R) w·m + b
	sigma   []T // (R) g = σ(w·m + b)
	weight  []T // (R) g/norm
	slope   []T // (R) its derivative by w·m + b, g·(1-g)/norm
	dweight []T // (R) gradient of weight
}

// newMessages returns the operation for features h, its per-atom products still to be
// done by columns.
func (f *Field[T]) newMessages(t *autograd.Tape[T], v nn.View[T], m nn.MLP, gate nn.Linear, ws *workspace[T], h, x0 *autograd.Tensor[T]) *messageOp[T] {
	o := autograd.OpStruct[messageOp[T]](t)
	*o = messageOp[T]{edgeMLP: newEdgeMLP(t, v, m, ws, h, x0), gated: gate.W.Len() > 0, norm: T(f.NormFactor)}
	if o.gated {
		o.w, o.b = v.Tensor(gate.W), v.Tensor(gate.B)
	} else {
		o.w, o.b = t.Result(1, ws.edge, false), t.Result(1, 1, false)
		clear(o.w.Data)
		clear(o.b.Data)
	}
	return o
}

// sum returns the messages summed at every atom, (N, E), gated where the layer has a
// gate; beside them it does what waits to be done by columns.
func (o *messageOp[T]) sum(t *autograd.Tape[T], x *autograd.Tensor[T]) *autograd.Tensor[T] {
	ws := o.ws
	o.y = t.Result(x.Rows, ws.edge, o.h.Grad != nil || o.w2.Grad != nil || x.Grad != nil)
	o.prepare(t, x, o.y.Grad != nil)
	clear(o.y.Data)
	ws.byColumns.runBeside(t, len(ws.cut.parts), (*messageForward[T])(o))
	if o.y.Grad != nil {
		t.Record(o)
	}
	return o.y
}

// messageForward is the operation as parts that hands compute.
type messageForward[T autograd.Float] messageOp[T]

// Do sums the messages of part i's receivers.
func (f *messageForward[T]) Do(t *autograd.Tape[T], i int) {
	o, s, E := (*messageOp[T])(f), scratch[T]{}, f.ws.edge
	s.take(t, E, false)
	for _, b := range o.ws.cut.part(i) {
		o.activate(b, &s, o.w.Data)
		o.weights(&s, b.pairs)
		// y_i += Σ_j (g_ij/norm)·m_ij
		kernel.PairSum(o.y.Data, s.m[:b.pairs*E], s.gate.weight[:b.pairs], E, o.runs(b))
	}
}

// weights writes the weights of n pairs.
func (o *messageOp[T]) weights(s *scratch[T], n int) {
	g, dot := &s.gate, s.s[:n]
	if !o.gated {
		for p := range dot {
			g.weight[p] = 1 / o.norm
		}
		return
	}
	input, bias := g.input[:n], o.b.Data[0]
	for p, v := range dot {
		input[p] = v + bias
	}
	kernel.Sigmoid(g.sigma[:n], input)
	kernel.Scale(g.weight[:n], 1/o.norm, g.sigma[:n])
}

// slopes writes the derivatives of the weights.
func (o *messageOp[T]) slopes(s *scratch[T], n int) {
	g := &s.gate
	slope := g.slope[:n]
	if !o.gated {
		clear(slope)
		return
	}
	for p, sigma := range g.sigma[:n] {
		slope[p] = g.weight[p] * (1 - sigma)
	}
}

func (o *messageOp[T]) Backward() {
	o.prepareBack()
	o.ws.sums[0].dw, o.ws.sums[0].db = o.w.Grad, o.b.Grad
	o.ws.tape.Share(len(o.ws.cut.groups), (*messageBackward[T])(o))
	o.finish()
}

// messageBackward is the operation's backward as groups of pairs that hands compute.
type messageBackward[T autograd.Float] messageOp[T]

// Do carries the gradient through the pairs of group i.
func (f *messageBackward[T]) Do(t *autograd.Tape[T], i int) {
	o, s, ws := (*messageOp[T])(f), scratch[T]{}, f.ws
	s.take(t, ws.edge, true)
	sums := &ws.sums[i]
	sums.clear(i == 0)
	for _, b := range ws.cut.group(i) {
		o.block(b, &s, sums)
	}
}

// block carries the gradient through the pairs of a block.
func (o *messageOp[T]) block(b block, s *scratch[T], sums *edgeSums[T]) {
	n, E, runs := b.pairs, o.ws.edge, o.runs(b)
	o.activateBoth(b, s, o.w.Data)
	o.weights(s, n)
	o.slopes(s, n)
	// y_i = Σ_j g_ij/norm·m_ij, g = σ(s), s = w·m + b, m = SiLU(z + b2)
	m, ds := s.m[:n*E], s.ds[:n]
	kernel.PairDot(s.gate.dweight[:n], m, o.y.Grad, E, runs)
	kernel.Mul(ds, s.gate.dweight[:n], s.gate.slope[:n])
	kernel.PairOuter(s.dz[:n*E], s.gate.weight[:n], o.y.Grad, ds, o.w.Data, s.mSlope[:n*E], runs)
	if o.w.Grad != nil { // s = w·m + b  ⇒  dw += Σ ds·m, db += Σ ds
		kernel.ScaleRowsAdd(sums.dw, m, ds)
		kernel.SumRows(sums.db, ds)
	}
	clear(s.dd[:n])
	clear(s.dd0[:n])
	o.carry(b, s, sums)
}
