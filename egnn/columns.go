package egnn

import (
	"gonum.org/v1/gonum/blas"

	"equifm/autograd"
	"equifm/autograd/kernel"
)

// columnTask is the work that is done once an atom, cut by columns of its results, so
// that several cores do it where a pass has few atoms. Each element is one sum
// whoever computes it.
type columnTask[T autograd.Float] struct {
	products []atomProduct[T]
	width    int // columns of a part

	beside autograd.Task[T] // what is done at the same time
	parts  int              // of it; they come first
}

// atomProduct is C (m, n) = A·op(B) + beta·C or one of the other kinds.
type atomProduct[T autograd.Float] struct {
	kind    atomKind
	factor  autograd.Factor[T] // op(B)
	b       []T                // of an outer product, (k, n); a bias, (n)
	ldb     int
	m, n, k int
	a       []T
	lda     int
	beta    T
	c       []T
	ldc     int
}

type atomKind int

const (
	factorKind   atomKind = iota
	outerKind             // C (m, n) = AᵀB + beta·C
	addBiasKind           // C (m, n) = A + b
	biasSiLUKind          // C (m, n) = SiLU(A + b)
)

// times adds C = A·op(B) + beta·C to the products of the task, for A with m rows
// and n columns of C.
func (s *columnTask[T]) times(m, n int, a []T, lda int, b autograd.Factor[T], beta T, c []T, ldc int) {
	s.products = append(s.products, atomProduct[T]{factor: b, m: m, n: n, a: a, lda: lda, beta: beta, c: c, ldc: ldc})
}

// outer adds C (m, n) = AᵀB + beta·C for A (k, m), B (k, n); it is cut by rows of C.
func (s *columnTask[T]) outer(m, n, k int, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	s.products = append(s.products, atomProduct[T]{kind: outerKind, b: b, ldb: ldb, m: m, n: n, k: k, a: a, lda: lda, beta: beta, c: c, ldc: ldc})
}

// bias adds y = x + b, or with the activation SiLU(x + b), for x and y (m, n), b (n).
func (s *columnTask[T]) bias(kind atomKind, m, n int, x, b, y []T) {
	s.products = append(s.products, atomProduct[T]{kind: kind, m: m, n: n, a: x, b: b, c: y})
}

// run does what was added, in order where columns are shared, and forgets it.
func (s *columnTask[T]) run(t *autograd.Tape[T]) {
	most := s.cuttable()
	s.share(t, (most+t.Hands()-1)/t.Hands())
}

// runBeside does so together with so many parts of a task, neither of which needs the
// other. It is cut more finely: it evens out who has which parts of the task.
func (s *columnTask[T]) runBeside(t *autograd.Tape[T], parts int, task autograd.Task[T]) {
	s.beside, s.parts = task, parts
	width := (s.cuttable() + t.Hands() - 1) / t.Hands()
	for i := range s.products { // few rows need few columns to be worth it
		width = min(width, s.products[i].m)
	}
	s.share(t, width)
	s.beside, s.parts = nil, 0
}

// share hands out parts of so many columns, rounded up to where products can be cut.
func (s *columnTask[T]) share(t *autograd.Tape[T], width int) {
	step := autograd.ColumnStep()
	s.width = max((width+step-1)/step, 1) * step
	t.Share(s.parts+(s.cuttable()+s.width-1)/s.width, s)
	s.products = s.products[:0]
}

// cuttable returns the largest extent that is cut.
func (s *columnTask[T]) cuttable() (most int) {
	for i := range s.products {
		most = max(most, s.products[i].cuttable())
	}
	return most
}

func (p *atomProduct[T]) cuttable() int {
	if p.kind == outerKind {
		return p.m
	}
	return p.n
}

// Do computes a part of the other task, or of all products.
func (s *columnTask[T]) Do(t *autograd.Tape[T], i int) {
	if i < s.parts {
		s.beside.Do(t, i)
		return
	}
	i -= s.parts
	for k := range s.products {
		p := &s.products[k]
		if from, to := i*s.width, min((i+1)*s.width, p.cuttable()); from < to {
			p.do(from, to)
		}
	}
}

// do computes columns [from, to), of an outer product rows.
func (p *atomProduct[T]) do(from, to int) {
	switch p.kind {
	case factorKind:
		p.factor.MultiplyColumns(from, to, p.m, p.a, p.lda, p.beta, p.c, p.ldc)
	case outerKind:
		autograd.Gemm(blas.Trans, blas.NoTrans, to-from, p.n, p.k, 1, p.a[from:], p.lda, p.b, p.ldb, p.beta, p.c[from*p.ldc:], p.ldc)
	default:
		p.biasColumns(from, to)
	}
}

// biasColumns does so for the kinds that are no products.
func (p *atomProduct[T]) biasColumns(from, to int) {
	if from == 0 && to == p.n { // at one go
		p.addBias(p.a[:p.m*p.n], p.b, p.c[:p.m*p.n])
		return
	}
	for i := range p.m {
		row := i * p.n
		p.addBias(p.a[row+from:row+to], p.b[from:to], p.c[row+from:row+to])
	}
}

func (p *atomProduct[T]) addBias(x, b, y []T) {
	if p.kind == biasSiLUKind {
		kernel.BiasSiLU(y, x, b)
		return
	}
	copy(y, x)
	kernel.AddRow(y, b)
}
