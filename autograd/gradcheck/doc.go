// Package gradcheck compares the gradients of any program on a tape with finite
// differences: quotients (f(x+h) − f(x−h))/2h, here of five points. A test calls it
// in one line:
//
//	gradcheck.Check(t, func(tape *gradcheck.Tape, in []*gradcheck.Tensor) *gradcheck.Tensor {
//		return autograd.SiLU(tape, in[0])
//	}, gradcheck.Random(rng, 3, 4))
//
// The output may have any shape. It is contracted with a random cotangent: numbers,
// one for each element of the output, that stand for the gradient of a loss there.
// A plain sum, which is a cotangent of ones, gives the same answer for a permuted
// gradient. Inputs should stay away from kinks, points such as x = 0 of |x| where
// the slope jumps and a difference across it means nothing, by more than 2·[Step].
package gradcheck
