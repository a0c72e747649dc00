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

// messages returns the messages summed at every atom, (N, E), gated where the layer
// has a gate.
func (f *Field[T]) messages(t *autograd.Tape[T], v nn.View[T], l layer, ws *workspace[T], h, x, x0 *autograd.Tensor[T]) *autograd.Tensor[T] {
	o := autograd.OpStruct[messageOp[T]](t)
	*o = messageOp[T]{edgeMLP: newEdgeMLP(v, l.edge, ws, h, x, x0), gated: l.att.W.Len() > 0, norm: T(f.NormFactor)}
	if o.gated {
		o.w, o.b = v.Tensor(l.att.W), v.Tensor(l.att.B)
	} else {
		o.w, o.b = t.Result(1, ws.edge, false), t.Result(1, 1, false)
		clear(o.w.Data)
		clear(o.b.Data)
	}
	o.y = t.Result(h.Rows, ws.edge, h.Grad != nil || o.w2.Grad != nil || x.Grad != nil)
	o.prepare(t, o.y.Grad != nil)
	clear(o.y.Data)
	for _, b := range ws.blocks {
		o.activate(b, o.w.Data)
		o.weights(b.pairs)
		// y_i += Σ_j (g_ij/norm)·m_ij
		kernel.PairSum(o.y.Data, ws.m[:b.pairs*ws.edge], ws.gate.weight[:b.pairs], ws.edge, ws.runs[b.from:b.to])
	}
	if o.y.Grad != nil {
		t.Record(o)
	}
	return o.y
}

// weights writes the weights of n pairs.
func (o *messageOp[T]) weights(n int) {
	g, s := &o.ws.gate, o.ws.s[:n]
	if !o.gated {
		for p := range s {
			g.weight[p] = 1 / o.norm
		}
		return
	}
	input, bias := g.input[:n], o.b.Data[0]
	for p, v := range s {
		input[p] = v + bias
	}
	kernel.Sigmoid(g.sigma[:n], input)
	kernel.Scale(g.weight[:n], 1/o.norm, g.sigma[:n])
}

// slopes writes the derivatives of the weights.
func (o *messageOp[T]) slopes(n int) {
	g := &o.ws.gate
	slope := g.slope[:n]
	if !o.gated {
		clear(slope)
		return
	}
	for p, s := range g.sigma[:n] {
		slope[p] = g.weight[p] * (1 - s)
	}
}

func (o *messageOp[T]) Backward() {
	ws, E := o.ws, o.ws.edge
	ws.clearSums()
	for _, b := range ws.blocks {
		n, runs := b.pairs, ws.runs[b.from:b.to]
		o.activateBoth(b, o.w.Data)
		o.weights(n)
		o.slopes(n)
		// y_i = Σ_j g_ij/norm·m_ij, g = σ(s), s = w·m + b, m = SiLU(z + b2)
		m, ds := ws.m[:n*E], ws.ds[:n]
		kernel.PairDot(ws.gate.dweight[:n], m, o.y.Grad, E, runs)
		kernel.Mul(ds, ws.gate.dweight[:n], ws.gate.slope[:n])
		kernel.PairOuter(ws.dz[:n*E], ws.gate.weight[:n], o.y.Grad, ds, o.w.Data, ws.mSlope[:n*E], runs)
		if o.w.Grad != nil { // s = w·m + b  ⇒  dw += Σ ds·m, db += Σ ds
			kernel.ScaleRowsAdd(o.w.Grad, m, ds)
			kernel.SumRows(o.b.Grad, ds)
		}
		clear(ws.dd[:n])
		clear(ws.dd0[:n])
		o.carry(b)
	}
	o.finish()
}
