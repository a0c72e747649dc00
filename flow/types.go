package flow

import (
	"math"

	"equifm/autograd"
)

// typesEndPointOp is ĥ₀ = [scale·softmax(f), g] of f_h = [f, g], f the first
// `types` channels.
type typesEndPointOp[T autograd.Float] struct {
	f     *autograd.Tensor[T] // (N, F)
	y     *autograd.Tensor[T] // (N, F)
	types int
	scale T
}

// typesEndPoint returns the features at the data that logits of the types imply:
// their expectation.
func typesEndPoint[T autograd.Float](t *autograd.Tape[T], f *autograd.Tensor[T], types int, scale float64) *autograd.Tensor[T] {
	y := t.Result(f.Rows, f.Cols, f.Grad != nil)
	for i := range f.Rows {
		row := y.Row(i)
		copy(row, f.Row(i))
		softmax(row[:types], f.Row(i)[:types])
		for k := range types {
			row[k] *= T(scale)
		}
	}
	if y.Grad != nil {
		o := autograd.OpStruct[typesEndPointOp[T]](t)
		*o = typesEndPointOp[T]{f, y, types, T(scale)}
		t.Record(o)
	}
	return y
}

func (o *typesEndPointOp[T]) Backward() {
	c := o.f.Cols
	for i := range o.f.Rows {
		y, dy, df := o.y.Row(i), o.y.Grad[i*c:(i+1)*c], o.f.Grad[i*c:(i+1)*c]
		var mean T // y_k = scale·p_k, p = softmax(f)  ⇒  df_k += y_k·(dy_k - Σ_l p_l·dy_l)
		for k := range o.types {
			mean += y[k] / o.scale * dy[k]
		}
		for k := range o.types {
			df[k] += y[k] * (dy[k] - mean)
		}
		for k := o.types; k < c; k++ { // y_k = f_k  ⇒  df_k += dy_k
			df[k] += dy[k]
		}
	}
}

// crossEntropyOp is Σ_m weight/(B·n_m)·Σ_i∈m -log p_i(type_i), p = softmax(logits).
type crossEntropyOp[T autograd.Float] struct {
	logits *autograd.Tensor[T] // (N, Types)
	slope  []T                 // (N, Types) dy/dlogits
	y      *autograd.Tensor[T] // (1, 1)
}

// crossEntropy returns the weighted share of the molecules at hand in the
// cross-entropy of a batch's types, which are the largest of the first channels
// of the data's features h0 (N, F), and its value without the weight, nat. Types that are
// told have no part in it. It adds each molecule's to each, where that is not nil.
func crossEntropy[T autograd.Float](t *autograd.Tape[T], logits *autograd.Tensor[T], h0 []T, sizes []int, batch int, weight float64, told []Told, each []Parts) (*autograd.Tensor[T], float64) {
	y := t.Result(1, 1, logits.Grad != nil)
	c := logits.Cols
	slope := t.Slice(len(logits.Data))
	features, first, value := len(h0)/logits.Rows, 0, 0.0
	for m, n := range sizes {
		w := 1 / (float64(batch) * float64(n))
		for i := first; i < first+n; i++ {
			p, kind := slope[i*c:(i+1)*c], largest(h0[i*features:i*features+c])
			if told != nil && told[i]&TypeTold != 0 {
				clear(p)
				continue
			}
			softmax(p, logits.Row(i))
			nat := -math.Log(math.Max(float64(p[kind]), 1e-30))
			value += w * nat
			if each != nil {
				each[m].H += nat / float64(n)
			}
			p[kind]-- // y = -log p_k  ⇒  dlogits = p - onehot(k)
			for k := range p {
				p[k] *= T(w * weight)
			}
		}
		first += n
	}
	y.Data[0] = T(weight * value)
	if y.Grad != nil {
		o := autograd.OpStruct[crossEntropyOp[T]](t)
		*o = crossEntropyOp[T]{logits, slope, y}
		t.Record(o)
	}
	return y, value
}

func (o *crossEntropyOp[T]) Backward() {
	for k, s := range o.slope {
		o.logits.Grad[k] += s * o.y.Grad[0]
	}
}

// softmax writes exp(x)/Σexp(x) into p.
func softmax[T autograd.Float](p, x []T) {
	top, sum := x[largest(x)], 0.0
	for k, v := range x {
		e := math.Exp(float64(v - top))
		p[k] = T(e)
		sum += e
	}
	for k := range p {
		p[k] = T(float64(p[k]) / sum)
	}
}

// largest returns the index of the largest number.
func largest[T autograd.Float](x []T) (best int) {
	for k, v := range x {
		if v > x[best] {
			best = k
		}
	}
	return best
}
