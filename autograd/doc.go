// Package autograd differentiates programs over matrices in reverse mode.
//
// A [Tensor] is a row-major matrix with room for a gradient. Functions such as
// [Linear] and [SiLU] compute on tensors and record what they did on a [Tape]:
// one small struct an operation, in execution order. [Tape.Backward] walks the
// list in reverse and each struct adds to the gradients of its inputs. That is
// all of reverse-mode differentiation: no graph, no sorting, no closures.
//
// Read one file to see one op whole: square.go has the formula, the forward
// function, and beneath it the Backward that quotes the line it differentiates;
// ops_test.go has the line that checks it against finite differences. In those
// quotes dx is ∂loss/∂x, and the chain rule reads dx += dy·∂y/∂x. Ops that do
// much work, such as silu.go, leave the loop to package kernel.
//
// Rules that every op keeps, and that the tests hold it to:
//
//   - it changes none of its inputs, and adds to gradients, never assigns: a
//     tensor used twice gets the sum of both;
//   - it leaves alone an input whose Grad is nil, for that one is a constant;
//   - NaN and Inf go through, they are not skipped;
//   - shapes are checked at entry, and a mistake there is a panic that names
//     the op and the shapes, for it is the programmer's;
//   - an op on constants alone (Grad == nil everywhere) is not recorded, so a
//     network evaluated with constant weights keeps no tape.
//
// Memory comes from the tape's arena and goes back with [Tape.Reset]: once it
// has grown to the size of a step, a step allocates nothing. The same code runs
// in float32 to train and in float64 to be checked (package gradcheck). Matrix
// products go through gonum's BLAS interface at one seam, [Use32] and [Use64]:
// package kernel's product in float32, gonum's own in float64.
//
// An op of your own is a struct with a Backward method, recorded with
// [Tape.Record]; see the example of Tape.Record.
//
// Legend: N rows (atoms), P rows (pairs of atoms), C columns (channels).
package autograd
