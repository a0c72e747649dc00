package autograd

import (
	"fmt"
	"math"
)

// layerNormOp is y_ij = g_j·x̂_ij + b_j with x̂_ij = (x_ij − μ_i)/s_i, where μ_i is
// the mean of row i, σ_i² its variance and s_i = sqrt(σ_i² + ε).
type layerNormOp[T Float] struct {
	x    *Tensor[T] // (N, C)
	gain *Tensor[T] // (1, C), g
	bias *Tensor[T] // (1, C), b
	y    *Tensor[T] // (N, C)
	mean []T        // (N), μ
	rstd []T        // (N), 1/s
}

// LayerNorm brings every row of x (N, C) to mean 0 and variance 1, then scales and
// shifts the columns by gain and bias, (1, C) each (Ba, Kiros & Hinton 2016, arXiv
// 1607.06450, eq. 4). The variance is the mean square, over C, not C−1; eps, 1e-5 in
// most networks, is added to it.
func LayerNorm[T Float](t *Tape[T], x, gain, bias *Tensor[T], eps T) *Tensor[T] {
	if c := x.Cols; gain.Rows != 1 || gain.Cols != c || bias.Rows != 1 || bias.Cols != c {
		panic(fmt.Sprintf("autograd: LayerNorm: x %v, gain %v, bias %v", x, gain, bias))
	}
	y := t.Result(x.Rows, x.Cols, x.Grad != nil || gain.Grad != nil || bias.Grad != nil)
	means, rstds := t.Slice(x.Rows), t.Slice(x.Rows)
	for i := range x.Rows {
		row := x.Row(i)
		mu := mean(row)
		var square T
		for _, v := range row {
			square += (v - mu) * (v - mu)
		}
		rstd := 1 / T(math.Sqrt(float64(square/T(len(row))+eps)))
		for j, v := range row {
			y.Row(i)[j] = gain.Data[j]*((v-mu)*rstd) + bias.Data[j]
		}
		means[i], rstds[i] = mu, rstd
	}
	if y.Grad != nil {
		op := OpStruct[layerNormOp[T]](t)
		*op = layerNormOp[T]{x, gain, bias, y, means, rstds}
		t.Record(op)
	}
	return y
}

func (o *layerNormOp[T]) Backward() {
	c := o.x.Cols
	for i, rstd := range o.rstd {
		mu, x, dy := o.mean[i], o.x.Row(i), o.y.Grad[i*c:(i+1)*c]
		var dSum, dDot T // Σ_j dx̂_ij and Σ_j dx̂_ij·x̂_ij
		for j, g := range dy {
			xhat := (x[j] - mu) * rstd
			if o.gain.Grad != nil { // y_ij = g_j·x̂_ij + b_j  ⇒  dg_j += dy_ij·x̂_ij
				o.gain.Grad[j] += g * xhat
			}
			if o.bias.Grad != nil { // y_ij = g_j·x̂_ij + b_j  ⇒  db_j += dy_ij
				o.bias.Grad[j] += g
			}
			dxhat := g * o.gain.Data[j] // y_ij = g_j·x̂_ij + b_j  ⇒  dx̂_ij = dy_ij·g_j
			dSum += dxhat
			dDot += dxhat * xhat
		}
		if o.x.Grad == nil {
			continue
		}
		dMean, dShare := dSum/T(c), dDot/T(c)
		for j, g := range dy { // x̂_j = (x_j − μ)/s  ⇒  dx_j += (dx̂_j − mean(dx̂) − x̂_j·mean(dx̂·x̂))/s
			xhat := (x[j] - mu) * rstd
			o.x.Grad[i*c+j] += (g*o.gain.Data[j] - dMean - xhat*dShare) * rstd
		}
	}
}
