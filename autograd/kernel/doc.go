// Package kernel holds the inner loops: matrix product, activations and the
// element-wise work of a layer, over plain slices, for ops of one's own as for
// those of autograd and egnn. Nothing here starts a goroutine or, once warm,
// allocates.
//
// Legend: m × n is the shape of C = A·B, k the length of its sums; a block has
// rows of n columns. Matrices are row-major; all but BLAS's are contiguous. The
// names say what happens to the result: Mul writes it, MulAdd and every …Grad add
// to it. It may be one of the arguments only where the comment says so. NaN goes
// through.
//
// # What runs where
//
// T is float32, which trains, or float64, which checks. Float64 runs the plain Go
// twin that stands beside each kernel, over math.Exp, and gonum's Dgemm. Float32
// runs in assembly on amd64 with AVX-512, else AVX2 with FMA, and on arm64, where
// NEON always is. Elsewhere, and under the noasm build tag, it runs in portable Go:
// the matrix product as gemm_portable.go has it, the activations as exp_float32.go,
// and the twins for the rest. The tests hold every implementation of a kernel to its
// twin, and every product to the textbook's in float64.
//
// # How the matrix product works
//
// A multiplier that takes two vectors every cycle starves if each product loads
// its own operands, so everything is about loading a number once and using it
// often. Read asm/gemm.go, then gemm_block.go, gemm_pack.go and gemm.go; from the
// inside out:
//
//   - A tile of C, 12×32, lives in 24 vector registers while k runs. One step of k
//     takes 32 numbers of B and 12 of A, and does 384 multiplications and
//     additions: 14 loads for 24 instructions of arithmetic.
//   - The tile's panel of B, k×32, is packed: rewritten in the order in which it
//     is read, so that it streams. Packing is also where a transposed B is turned
//     over, and where a right edge is filled up with zeros.
//   - A's 12 rows are not packed. A step reads one number a row and spreads it
//     over a vector, which no layout makes faster; they stay in the first-level
//     cache (12 KiB) while the panels pass, and the next 12 are prefetched.
//   - The panels, at most 320×512, stay in the second-level cache while all rows
//     pass. A longer k is done in blocks that add to C.
//
// Each element of C is one sum in the order of k, whatever surrounds it: a row
// has the same bits alone as in a batch of a thousand, so a result does not
// depend on how work was split.
//
// On arm64 a tile is 12×8, and A's rows are packed in columns (asm/neon/gemm.go): an
// instruction there multiplies by one lane of a register, so that a load brings four
// numbers of A. Without assembly a tile is 4×4 or 4×2 scalars, and A's rows are packed
// too.
//
// On Zen 4 the product runs at 97 to 99% of the 114 GFLOP/s that the registers
// alone allow while A and C fit the caches, and at 90 to 95% beyond.
//
// # Accuracy of the activations
//
// Largest error in float32, in units of the last place of the true value (TestUlp,
// over every exponent). AVX-512 and AVX2 give the same bits, NEON and portable Go
// others within the same bounds; the twins' error is 0.5:
//
//	Exp      1.1    denormal results, overflow to +Inf and underflow to 0 included
//	Sigmoid  3.2
//	Tanh     2.6
//	SiLU     4.0
//	SiLU'    1.8    of 1, for the slope passes zero
//
// By rule, in every kernel and twin, Sigmoid, SiLU and its slope are zero below −60,
// where in truth they are at most 8.8e−27, 5.3e−25 and 5.2e−25. Numbers from there on
// would soon be denormal in products, and half of the channels of atoms that are 20 Å
// apart are there: a gradient of 500 atoms took ten times as long.
//
// # Where assembly and twin differ
//
// NaN, infinities, the sign of zero, over- and underflow are the same, with three
// exceptions, which the tests know to the bit (model_test.go, pair_special_test.go):
//
//   - Assembly adds a product to a sum with one rounding, a twin with two (but where
//     the compiler fuses them, as on arm64). Then −3e38 + 2e19·2e19 is 1e38 in one and
//     +Inf in the other, −Inf + 1e30·1e30 is −Inf and NaN, 0 − 1e−30·1e−30 is −0 and
//     +0. The value of one rounding is the true one. Sums over a row or a run,
//     in another order, may also overflow at another place.
//   - Assembly adds up a run from +0, then adds that to what is there. A −0 to which a
//     run adds nothing but −0 becomes +0; in a twin it stays.
//   - Below −60 the slope of SiLU is +0 in assembly and −0 in a twin.
//
// # Instructions on arm64
//
// Executed in one call under qemu-aarch64, by NEON and by portable Go, counted by
//
//	go run -C autograd/kernel/asm ./neon/count
//
// The true speed has not been measured: a vector instruction does four times the work of
// a scalar one, and processors differ in how many of either they start at once. A
// multiplication and addition of the product 306×32×32, packing included:
//
//	                       NEON       Go  ratio
//	Sgemm                  0.46     3.39    7.4
//
// An element of 32 × 256:
//
//	Exp                    6.27    44.05    7.0
//	Sigmoid                8.01    46.01    5.7
//	Tanh                   6.52    64.07    9.8
//	SiLU                   8.26    48.01    5.8
//	SiLUBoth               9.64    51.02    5.3
//	SiLUGrad              10.01    53.02    5.3
//	SigmoidGrad            1.13    15.02   13.2
//	TanhGrad               1.14    14.02   12.3
//	Add                    0.57     9.01   15.8
//	Mul                    0.57    11.01   19.2
//	MulAdd                 0.63    12.02   19.0
//	AddScaled              0.57     9.02   15.8
//	Scale                  0.51     8.02   15.8
//	Lerp                   0.82    10.01   12.2
//	Dot                    0.51     8.01   15.7
//	SumSquares             1.38     6.01    4.3
//	AddRow                 0.61     8.08   13.2
//	SumRows                0.48     8.39   17.5
//	RowDot                 0.39     7.09   18.0
//	ScaleRowsAdd           0.54     9.35   17.3
//	BiasSiLU               8.68    55.28    6.4
//	BiasSiLUBoth          10.06    58.32    5.8
//	AdamW                  4.92    35.03    7.1
//
// A pair of a molecule of 18 atoms, with 32 columns where there are columns; DotGrad,
// Length and Inverse run over pairs × columns:
//
//	PairSiLU             313.77  2023.06    6.4
//	PairSiLUBoth         359.03  2119.34    5.9
//	PairGrad             119.46   863.06    7.2
//	PairSum               26.05   336.95   12.9
//	PairDot               25.26   251.56   10.0
//	PairOuter             46.46   667.86   14.4
//	DotGrad               38.58   310.47    8.0
//	PairDistances          9.25    39.88    4.3
//	PairDistancesGrad     17.36    98.94    5.7
//	PairShift             12.72    80.97    6.4
//	PairShiftGrad         19.10   127.13    6.7
//	Length                24.22   288.33   11.9
//	Inverse               32.22   352.70   10.9
package kernel
