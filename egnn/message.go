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
	w, b *autograd.Tensor[T] // (1, E), (1, 1) of the gate; nil without attention
	norm T                   // the sum's divisor
	y    *autograd.Tensor[T] // (N, E)
}

// messages returns the messages summed at every atom, (N, E).
func (f *Field[T]) messages(t *autograd.Tape[T], v nn.View[T], l layer, ws *workspace[T], h, x, x0 *autograd.Tensor[T]) *autograd.Tensor[T] {
	o := autograd.OpStruct[messageOp[T]](t)
	*o = messageOp[T]{edgeMLP: newEdgeMLP(v, l.edge, ws, h, x, x0), norm: T(f.NormFactor)}
	if f.Attention {
		o.w, o.b = v.Tensor(l.att.W), v.Tensor(l.att.B)
	}
	o.prepare(t)
	o.y = t.Result(h.Rows, ws.edge, h.Grad != nil || o.w2.Grad != nil || x.Grad != nil)
	clear(o.y.Data)
	ws.blocks(func(b []run, rows int) {
		o.activate(b, rows, false)
		o.gates(rows)
		E, p := ws.edge, 0
		for _, r := range b { // y_i += Σ_j (g_ij/norm)·m_ij
			kernel.ScaleRowsAdd(o.y.Row(r.i), ws.m[p*E:(p+r.n)*E], ws.gate[p:p+r.n])
			p += r.n
		}
	})
	if o.y.Grad != nil {
		t.Record(o)
	}
	return o.y
}

// gates writes g_ij/norm of a block into ws.gate, and into ws.dgate its
// derivative by the gate's input, g·(1-g)/norm.
func (o *messageOp[T]) gates(rows int) {
	ws := o.ws
	gate, slope := ws.gate[:rows], ws.dgate[:rows]
	if o.w == nil {
		for p := range gate {
			gate[p], slope[p] = 1/o.norm, 0
		}
		return
	}
	kernel.RowDot(gate, ws.m[:rows*ws.edge], o.w.Data)
	for p := range gate {
		gate[p] += o.b.Data[0]
	}
	kernel.Sigmoid(gate, gate)
	for p, g := range gate {
		gate[p], slope[p] = g/o.norm, g*(1-g)/o.norm
	}
}

func (o *messageOp[T]) Backward() {
	ws, E, dy := o.ws, o.ws.edge, o.y.Grad
	dwd, dw0 := ws.clearSums()
	ws.blocks(func(b []run, rows int) {
		o.activate(b, rows, true)
		o.gates(rows)
		p := 0
		for _, r := range b {
			q := p + r.n
			o.backGate(dy[r.i*E:(r.i+1)*E], p, q)
			p = q
		}
		o.carry(b, rows, dwd, dw0)
	})
	o.finish(dwd, dw0)
}

// backGate takes dy_i back to the second linear's output, for the pairs p to q,
// all of one receiver: ws.dm becomes the gradient there.
func (o *messageOp[T]) backGate(dy []T, p, q int) {
	ws, E := o.ws, o.ws.edge
	m, dm := ws.m[p*E:q*E], ws.dm[p*E:q*E]
	gate, dgate, dot := ws.gate[p:q], ws.dgate[p:q], ws.dd[p:q]
	w := dy // without attention dgate is 0 and w any vector
	if o.w != nil {
		w = o.w.Data
		kernel.RowDot(dot, m, dy) // y_i = Σ g·m  ⇒  dg = m·dy_i, through g's slope
		kernel.Mul(dgate, dgate, dot)
		if o.w.Grad != nil { // g = σ(w·m + b)  ⇒  dw += Σ dgate·m, db += Σ dgate
			kernel.ScaleRowsAdd(o.w.Grad, m, dgate)
			for _, g := range dgate {
				o.b.Grad[0] += g
			}
		}
	}
	// m = SiLU(z)  ⇒  dz = (g·dy_i + dgate·w)⊙SiLU'(z)
	kernel.OuterMul(dm, gate, dy, dgate, w, dm)
	clear(dot)
	clear(ws.dd0[p:q])
}
