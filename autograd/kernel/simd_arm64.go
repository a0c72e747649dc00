//go:build !noasm

package kernel

// detect asks nothing: every arm64 that Go runs on has NEON.
func detect() *kernels { return &neon }

var neon = kernels{
	name: "NEON",
	gemm: gemmTiles{
		mr: 12, nr: 8,
		tile: []tileFunc{
			gemm1x8NEON, gemm2x8NEON, gemm3x8NEON, gemm4x8NEON, gemm5x8NEON, gemm6x8NEON,
			gemm7x8NEON, gemm8x8NEON, gemm9x8NEON, gemm10x8NEON, gemm11x8NEON, gemm12x8NEON,
		},
		pack: packNEON, packT: packTransNEON, packColumns: packColumnsNEON,
	},
	exp: expNEON, sigmoid: sigmoidNEON, tanh: tanhNEON, silu: siluNEON, siluGrad: siluGradNEON, siluBoth: siluBothNEON, sigmoidGrad: sigmoidGradNEON, tanhGrad: tanhGradNEON,
	add: addNEON, mul: mulNEON, mulAdd: mulAddNEON,
	addScaled: addScaledNEON, lerp: lerpNEON, scale: scaleNEON,
	dot: dotNEON, sumSquares: sumSquaresNEON,
	addRow: addRowNEON, sumRows: sumRowsNEON, rowDot: rowDotNEON,
	scaleRowsAdd: scaleRowsAddNEON,
	biasSiLU:     biasSiLUNEON, biasSiLUBoth: biasSiLUBothNEON,
	pairSiLU: pairSiLUNEON, pairSiLUBoth: pairSiLUBothNEON, pairGrad: pairGradNEON,
	pairSum: pairSumNEON, pairDot: pairDotNEON, pairOuter: pairOuterNEON, dotGrad: dotGradNEON,
	pairDistances: pairDistancesNEON, pairDistancesGrad: pairDistancesGradNEON, pairShift: pairShiftNEON, pairShiftGrad: pairShiftGradNEON,
	length: lengthNEON, inverse: inverseNEON,
	adamW: adamWNEON,
}
