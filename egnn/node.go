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
	h      *autograd.Tensor[T] // (N, H)
	agg    *autograd.Tensor[T] // (N, E) messages summed
	w1, b1 *autograd.Tensor[T] // (H, H+E), (1, H)
	w2, b2 *autograd.Tensor[T] // (H, H), (1, H)

	z []T                 // (N, H) W1·[h, agg]
	y *autograd.Tensor[T] // (N, H)
}

// nodeBuffers are what the node operations of a pass share.
type nodeBuffers[T autograd.Float] struct {
	a, aSlope []T // (N, H) SiLU(z + b1), its derivative
	da, dz    []T // (N, H) gradients
}

func newNodeBuffers[T autograd.Float](t *autograd.Tape[T], atoms, hidden int) (n nodeBuffers[T]) {
	for _, b := range []*[]T{&n.a, &n.aSlope, &n.da, &n.dz} {
		*b = t.Slice(atoms * hidden)
	}
	return n
}

// nodes returns the atoms' features after their update, (N, H).
func (f *Field[T]) nodes(t *autograd.Tape[T], v nn.View[T], l layer, ws *workspace[T], h, agg *autograd.Tensor[T]) *autograd.Tensor[T] {
	o := autograd.OpStruct[nodeOp[T]](t)
	*o = nodeOp[T]{ws: ws, h: h, agg: agg,
		w1: v.Tensor(l.node.First.W), b1: v.Tensor(l.node.First.B), w2: v.Tensor(l.node.Last.W), b2: v.Tensor(l.node.Last.B)}
	n, H, E := h.Rows, h.Cols, agg.Cols
	o.z, o.y = t.Slice(n*H), t.Result(n, H, h.Grad != nil || agg.Grad != nil || o.w1.Grad != nil)
	autograd.Gemm(blas.NoTrans, blas.Trans, n, H, H, 1, h.Data, H, o.w1.Data, H+E, 0, o.z, H)
	autograd.Gemm(blas.NoTrans, blas.Trans, n, H, E, 1, agg.Data, E, o.w1.Data[H:], H+E, 1, o.z, H)
	kernel.BiasSiLU(ws.node.a, o.z, o.b1.Data)
	copy(o.y.Data, h.Data)
	kernel.AddRow(o.y.Data, o.b2.Data)
	autograd.Gemm(blas.NoTrans, blas.Trans, n, H, H, 1, ws.node.a, H, o.w2.Data, H, 1, o.y.Data, H)
	if o.y.Grad != nil {
		t.Record(o)
	}
	return o.y
}

func (o *nodeOp[T]) Backward() {
	n, H, E := o.h.Rows, o.h.Cols, o.agg.Cols
	b, dy := &o.ws.node, o.y.Grad
	kernel.BiasSiLUBoth(b.a, b.aSlope, o.z, o.b1.Data)
	// y = h + W2·a + b2  ⇒  da = dy·W2, dW2 += dyᵀ·a, db2 += Σ dy
	autograd.Gemm(blas.NoTrans, blas.NoTrans, n, H, H, 1, dy, H, o.w2.Data, H, 0, b.da, H)
	kernel.Mul(b.dz, b.da, b.aSlope) // a = SiLU(z + b1)
	if o.w1.Grad != nil {
		autograd.Gemm(blas.Trans, blas.NoTrans, H, H, n, 1, dy, H, b.a, H, 1, o.w2.Grad, H)
		kernel.SumRows(o.b2.Grad, dy)
		// z = W1·[h, agg]  ⇒  dW1 += dzᵀ·[h, agg], db1 += Σ dz
		autograd.Gemm(blas.Trans, blas.NoTrans, H, H, n, 1, b.dz, H, o.h.Data, H, 1, o.w1.Grad, H+E)
		autograd.Gemm(blas.Trans, blas.NoTrans, H, E, n, 1, b.dz, H, o.agg.Data, E, 1, o.w1.Grad[H:], H+E)
		kernel.SumRows(o.b1.Grad, b.dz)
	}
	// z = W1·[h, agg]  ⇒  d[h, agg] += dz·W1
	if o.agg.Grad != nil {
		autograd.Gemm(blas.NoTrans, blas.NoTrans, n, E, H, 1, b.dz, H, o.w1.Data[H:], H+E, 1, o.agg.Grad, E)
	}
	if o.h.Grad != nil { // y = h + …  ⇒  dh += dy
		kernel.Add(o.h.Grad, dy)
		autograd.Gemm(blas.NoTrans, blas.NoTrans, n, H, H, 1, b.dz, H, o.w1.Data, H+E, 1, o.h.Grad, H)
	}
}
