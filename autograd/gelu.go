package autograd

import "math"

// geluOp is y = x·Φ(x), Φ the standard normal distribution function.
type geluOp[T Float] struct {
	x, y *Tensor[T] // same shape
}

// GELU returns x·Φ(x), element by element, with Φ(x) = (1 + erf(x/√2))/2 (Hendrycks
// & Gimpel 2016, arXiv 1606.08415). It is the exact form, PyTorch's default, not
// the approximation by tanh that GPT-2 was trained with.
func GELU[T Float](t *Tape[T], x *Tensor[T]) *Tensor[T] {
	y := t.Result(x.Rows, x.Cols, x.Grad != nil)
	for i, v := range x.Data {
		y.Data[i] = T(float64(v) * normalCDF(float64(v)))
	}
	if y.Grad != nil {
		op := OpStruct[geluOp[T]](t)
		*op = geluOp[T]{x, y}
		t.Record(op)
	}
	return y
}

func (o *geluOp[T]) Backward() {
	dx, dy := o.x.Grad, o.y.Grad
	for i, v := range o.x.Data { // y = x·Φ(x)  ⇒  dx += dy·(Φ(x) + x·φ(x))
		x := float64(v)
		dx[i] += dy[i] * T(normalCDF(x)+x*normalPDF(x))
	}
}

// normalCDF is Φ(x), by erfc, which does not cancel where Φ is small.
func normalCDF(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }

// normalPDF is φ(x) = Φ'(x).
func normalPDF(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
