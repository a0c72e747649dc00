package egnn

import (
	"equifm/autograd"
	"equifm/autograd/kernel"
	"equifm/nn"

	"gonum.org/v1/gonum/blas"
)

// nodeOp is y = h + W2·SiLU(W1·[h, agg] + b1) + b2, EGNN eq. 6 with a residual: what
// nodeUpdate composes, in one operation. The two halves of W1 take h and agg where
// they are, and of all between only z is kept: an array of atoms × H that is
// written once and read once costs as much as a tenth of the product that made it.
type nodeOp[T autograd.Float] struct {
	ws     *workspace[T]
	view   nn.View[T]
	mlp    nn.MLP
	h      *autograd.Tensor[T] // (N, H)
	agg    *autograd.Tensor[T] // (N, E) messages summed
	w1, b1 *autograd.Tensor[T] // (H, H+E), (1, H)
	w2, b2 *autograd.Tensor[T] // (H, H), (1, H)

	firstAgg, last autograd.Factor[T] // (E, H), (H, H) of W1 for agg, and W2, transposed

	z []T                 // (N, H) W1·[h, agg]
	y *autograd.Tensor[T] // (N, H)
}

// nodeBuffers are what the node operations of a pass share.
type nodeBuffers[T autograd.Float] struct {
	a, aSlope []T // (N, H) SiLU(z + b1), its derivative
	da, dz    []T // (N, H) gradients
}

func newNodeBuffers[T autograd.Float](t *autograd.Tape[T], atoms, hidden int, learn bool) (n nodeBuffers[T]) {
	n.a = t.Slice(atoms * hidden)
	if learn {
		for _, b := range []*[]T{&n.aSlope, &n.da, &n.dz} {
			*b = t.Slice(atoms * hidden)
		}
	}
	return n
}

// newNodes returns the operation for features h, with what needs no messages still to be
// done by columns: z = W1·[h, –] and y = h + b2.
func (f *Field[T]) newNodes(t *autograd.Tape[T], v nn.View[T], l layer, ws *workspace[T], h, x *autograd.Tensor[T]) *nodeOp[T] {
	o := autograd.OpStruct[nodeOp[T]](t)
	n, H, E := h.Rows, h.Cols, ws.edge
	*o = nodeOp[T]{ws: ws, view: v, mlp: l.node, h: h, firstAgg: v.Right(l.node.First.W, H, H+E), last: v.Right(l.node.Last.W, 0, H),
		w1: v.Stored(l.node.First.W), b1: v.Tensor(l.node.First.B), w2: v.Stored(l.node.Last.W), b2: v.Tensor(l.node.Last.B)}
	o.z, o.y = t.Slice(n*H), t.Result(n, H, h.Grad != nil || x.Grad != nil || o.w1.Grad != nil)
	w := &ws.byColumns
	w.times(n, H, h.Data, H, v.Right(l.node.First.W, 0, H), 0, o.z, H)
	w.bias(addBiasKind, n, H, h.Data, o.b2.Data, o.y.Data)
	return o
}

// update returns the atoms' features after their update, (N, H).
func (o *nodeOp[T]) update(t *autograd.Tape[T], agg *autograd.Tensor[T]) *autograd.Tensor[T] {
	o.agg = agg
	n, H, E := o.h.Rows, o.h.Cols, agg.Cols
	a, w := o.ws.node.a, &o.ws.byColumns
	w.times(n, H, agg.Data, E, o.firstAgg, 1, o.z, H)
	w.bias(biasSiLUKind, n, H, o.z, o.b1.Data, a)
	w.run(t)
	w.times(n, H, a, H, o.last, 1, o.y.Data, H)
	w.run(t)
	if o.y.Grad != nil {
		t.Record(o)
	}
	return o.y
}

func (o *nodeOp[T]) Backward() {
	n, H, E := o.h.Rows, o.h.Cols, o.agg.Cols
	b, w, t, dy := &o.ws.node, &o.ws.byColumns, o.ws.tape, o.y.Grad
	kernel.BiasSiLUBoth(b.a, b.aSlope, o.z, o.b1.Data)
	// y = h + W2·a + b2  ⇒  da = dy·W2, dW2 += dyᵀ·a, db2 += Σ dy
	w.times(n, H, dy, H, autograd.RightFactor(blas.NoTrans, H, H, o.w2.Data, H), 0, b.da, H)
	w.run(t)
	kernel.Mul(b.dz, b.da, b.aSlope) // a = SiLU(z + b1)
	if o.w1.Grad != nil {
		w.outer(H, H, n, dy, H, b.a, H, o.view.Beta(o.mlp.Last.W), o.w2.Grad, H)
		kernel.SumRows(o.b2.Grad, dy)
		// z = W1·[h, agg]  ⇒  dW1 += dzᵀ·[h, agg], db1 += Σ dz
		beta := o.view.Beta(o.mlp.First.W)
		w.outer(H, H, n, b.dz, H, o.h.Data, H, beta, o.w1.Grad, H+E)
		w.outer(H, E, n, b.dz, H, o.agg.Data, E, beta, o.w1.Grad[H:], H+E)
		kernel.SumRows(o.b1.Grad, b.dz)
	}
	// z = W1·[h, agg]  ⇒  d[h, agg] += dz·W1
	if o.agg.Grad != nil {
		w.times(n, E, b.dz, H, autograd.RightFactor(blas.NoTrans, H, E, o.w1.Data[H:], H+E), 1, o.agg.Grad, E)
	}
	if o.h.Grad != nil { // y = h + …  ⇒  dh += dy
		kernel.Add(o.h.Grad, dy)
		w.times(n, H, b.dz, H, autograd.RightFactor(blas.NoTrans, H, H, o.w1.Data, H+E), 1, o.h.Grad, H)
	}
	w.run(t)
}
