package egnn

import (
	"gonum.org/v1/gonum/blas"

	"equifm/autograd"
)

// columnTask is the products that are done once an atom, cut by columns of their
// results, so that several cores do them where a pass has few atoms. Each element
// is one sum whoever computes it.
type columnTask[T autograd.Float] struct {
	products []atomProduct[T]
	width    int // columns of a part
}

// atomProduct is C (m, n) = A·op(B) + beta·C or, where outer, C (m, n) += AᵀB.
type atomProduct[T autograd.Float] struct {
	outer   bool
	factor  autograd.Factor[T] // op(B)
	b       []T                // of an outer product, (k, n)
	ldb     int
	m, n, k int
	a       []T
	lda     int
	beta    T
	c       []T
	ldc     int
}

// times adds C = A·op(B) + beta·C to the products of the task, for A with m rows
// and n columns of C.
func (s *columnTask[T]) times(m, n int, a []T, lda int, b autograd.Factor[T], beta T, c []T, ldc int) {
	s.products = append(s.products, atomProduct[T]{factor: b, m: m, n: n, a: a, lda: lda, beta: beta, c: c, ldc: ldc})
}

// outer adds C (m, n) += AᵀB for A (k, m), B (k, n); it is cut by rows of C.
func (s *columnTask[T]) outer(m, n, k int, a []T, lda int, b []T, ldb int, c []T, ldc int) {
	s.products = append(s.products, atomProduct[T]{outer: true, b: b, ldb: ldb, m: m, n: n, k: k, a: a, lda: lda, c: c, ldc: ldc})
}

// run does the products, those that share columns in order, and forgets them.
func (s *columnTask[T]) run(t *autograd.Tape[T]) {
	most := 0
	for i := range s.products {
		most = max(most, s.products[i].cuttable())
	}
	step := autograd.ColumnStep()
	s.width = (most/t.Hands() + step - 1) / step * step
	s.width = max(s.width, step)
	t.Share((most+s.width-1)/s.width, s)
	s.products = s.products[:0]
}

// cuttable returns the extent that is cut.
func (p *atomProduct[T]) cuttable() int {
	if p.outer {
		return p.m
	}
	return p.n
}

// Do computes part i of all products.
func (s *columnTask[T]) Do(_ *autograd.Tape[T], i int) {
	for k := range s.products {
		p := &s.products[k]
		from, to := i*s.width, min((i+1)*s.width, p.cuttable())
		switch {
		case from >= to:
		case p.outer:
			autograd.Gemm(blas.Trans, blas.NoTrans, to-from, p.n, p.k, 1, p.a[from:], p.lda, p.b, p.ldb, 1, p.c[from*p.ldc:], p.ldc)
		default:
			p.factor.MultiplyColumns(from, to, p.m, p.a, p.lda, p.beta, p.c, p.ldc)
		}
	}
}
