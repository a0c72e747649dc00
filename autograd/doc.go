// Package autograd differentiates programs over matrices in reverse mode.
//
// A [Tensor] is a row-major matrix with room for a gradient. Functions such as
// [Linear] and [SiLU] compute on tensors and record what they did on a [Tape]:
// one small struct an operation, in execution order. [Tape.Backward] walks the
// list in reverse and each struct adds to the gradients of its inputs. That is
// all of reverse-mode differentiation: no graph, no sorting, no closures.
//
// # The chain rule by hand
//
// Let a model be y = w·x + b and its loss the squared error (y − target)², with x = 3,
// w = 2, b = 1 and target = 5. Forward, one op after the other:
//
//	p = w·x = 6     y = p + b = 7     e = y − target = 2     loss = e² = 4
//
// Backward, from the last to the first. Write dv for ∂loss/∂v, the gradient, also
// called cotangent, of a value v: how much the loss grows for each unit that v grows.
// Each op knows dv of its result and hands it to its inputs, times its own slope:
//
//	          dloss   = 1
//	loss = e²     ⇒   de = dloss·2·e = 1·2·2 = 4
//	e = y−target  ⇒   dy = de = 4
//	y = p + b     ⇒   dp = dy = 4        db = dy = 4
//	p = w·x       ⇒   dw = dp·x = 12     dx = dp·w = 8
//
// To check dw, take w = 2.01: y = 7.03 and the loss is 4.1209, larger by 0.1209, and
// 12 · 0.01 = 0.12. The example "ByHand" runs these lines on a tape and prints these
// numbers. With matrices nothing changes but that d is a matrix of its value's shape
// and that a value used twice adds up what comes back: hence += in every op.
//
// # What every op keeps to
//
// The tests hold it to these:
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
// # Memory and numbers
//
// Memory comes from the tape's arena and goes back with [Tape.Reset]: once it
// has grown to the size of a step, a step allocates nothing. The same code runs
// in float32 to train and in float64 to be checked (package gradcheck). Matrix
// products go through gonum's BLAS interface at one seam, [Use32] and [Use64], a
// place where one implementation can be put in another's stead: package kernel's
// product by default in float32, gonum's own in float64.
//
// # What to read next
//
// This page comes before any file. Then
//
//  1. square.go, one op whole: the formula, the forward function, and beneath it the
//     Backward that quotes the line it inverts, as above with ⇒. Then silu.go, which
//     leaves the loop to package kernel as ops that do much work do, and matmul.go.
//  2. tape.go, the list and its memory; arena.go only if you wonder where from.
//  3. ops_test.go, where each op has a line that checks it against finite differences
//     and a test that no line is missing, and package gradcheck, which does it. Such
//     a check stays away from kinks, points where a slope jumps, as [ReLU]'s at 0.
//  4. softmax.go, layernorm.go and batchmatmul.go for ops with more to them.
//
// An op of your own is a struct with a Backward method, recorded with
// [Tape.Record]; see the example of Tape.Record. After that, package nn has the
// layers, and package kernel says where the speed comes from.
//
// Legend: N rows (atoms), P rows (pairs of atoms), C columns (channels); of a matrix
// product M rows, N columns, K the length of its sums.
package autograd
