package egnn

import (
	"equifm/autograd"
	"equifm/nn"
)

// pairs is the list of all ordered pairs i ≠ j of atoms of one molecule.
type pairs struct {
	i, j []int32 // (P) receiver and sender of pair p
}

func newPairs[T autograd.Float](t *autograd.Tape[T], sizes []int) *pairs {
	p := autograd.OpStruct[pairs](t)
	p.i, p.j = p.i[:0], p.j[:0]
	first := 0
	for _, n := range sizes {
		for i := range n {
			for j := range n {
				if i != j {
					p.i = append(p.i, int32(first+i))
					p.j = append(p.j, int32(first+j))
				}
			}
		}
		first += n
	}
	return p
}

// layerReference is one layer of the network as the paper writes it, op by op:
// what the fused operations of edge.go are held to. It stores P × E numbers
// many times over.
//
//	e_ij = [d²_ij now, d²_ij at the input]
//	m_ij = SiLU(L(SiLU(L[h_i, h_j, e_ij])))                 EGNN eq. 3
//	h_i  ← h_i + L(SiLU(L[h_i, Σ_j σ(L m_ij)·m_ij / norm]))  EGNN eq. 6, EDM eq. 12
//	s_ij = L(SiLU(L(SiLU(L[h_i, h_j, e_ij])))), with the new h; range·tanh(s_ij) if bounded
//	x_i  ← x_i + Σ_j (x_i-x_j)/(d_ij+c)·s_ij / norm          EGNN eq. 4, EDM eq. 12
//
// Every L is a linear layer of its own; norm is NormFactor, c NormConstant.
// EGNN: Satorras et al. 2021, arXiv 2102.09844; EDM: Hoogeboom et al. 2022, arXiv 2203.17003.
func (f *Field[T]) layerReference(t *autograd.Tape[T], v nn.View[T], l layer, p *pairs, h, x, x0 *autograd.Tensor[T]) (hNew, xNew *autograd.Tensor[T]) {
	if f.Kind == Twin {
		return f.layerTwinReference(t, v, l, p, h, x, x0)
	}
	n := x.Rows
	diff := difference(t, x, p)                                        // (P, 3)
	d := autograd.RowSum(t, autograd.Square(t, diff))                  // (P, 1) d², Å²
	d0 := autograd.RowSum(t, autograd.Square(t, difference(t, x0, p))) // (P, 1)
	e := autograd.Concat(t, d, d0)                                     // (P, 2)

	m := edgeReference(t, v, l.edge, p, h, e) // (P, E)
	if f.Attention {
		m = autograd.MulCol(t, m, autograd.Sigmoid(t, nn.Apply(t, v, l.att, m)))
	}
	agg := autograd.Scale(t, T(1/f.NormFactor), autograd.SegmentSum(t, m, p.i, n)) // (N, E)
	h = nodeUpdate(t, v, l.node, h, agg)

	s := nn.Apply(t, v, l.coordOut, edgeReference(t, v, l.coord, p, h, e)) // (P, 1)
	if f.Tanh {
		s = autograd.Scale(t, T(f.CoordsRange), autograd.Tanh(t, s))
	}
	length := autograd.Affine(t, 1, autograd.Sqrt(t, d, distanceEps), T(f.NormConstant)) // (P, 1)
	move := autograd.MulCol(t, autograd.DivCol(t, diff, length), s)                      // (P, 3)
	step := autograd.Scale(t, T(1/f.NormFactor), autograd.SegmentSum(t, move, p.i, n))   // (N, 3)
	return h, autograd.Add(t, x, step)
}

// distanceEps keeps the gradient of the distance finite at d = 0, Å².
const distanceEps = 1e-8

// difference returns x_i - x_j for every pair, (P, 3).
func difference[T autograd.Float](t *autograd.Tape[T], x *autograd.Tensor[T], p *pairs) *autograd.Tensor[T] {
	return autograd.Sub(t, autograd.Gather(t, x, p.i), autograd.Gather(t, x, p.j))
}

// edgeReference returns SiLU(L(SiLU(L[h_i, h_j, e_ij]))) for every pair, (P, E).
func edgeReference[T autograd.Float](t *autograd.Tape[T], v nn.View[T], m nn.MLP, p *pairs, h, e *autograd.Tensor[T]) *autograd.Tensor[T] {
	in := autograd.Concat(t, autograd.Concat(t, autograd.Gather(t, h, p.i), autograd.Gather(t, h, p.j)), e)
	return autograd.SiLU(t, nn.ApplyMLP(t, v, m, in)) // in is (P, 2H+2)
}
