//go:build !noasm

package kernel

import "golang.org/x/sys/cpu"

func detect() *kernels {
	switch {
	case cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512BW && cpu.X86.HasFMA:
		return &avx512
	case cpu.X86.HasAVX2 && cpu.X86.HasFMA:
		return &avx2
	}
	return nil
}

var avx512 = kernels{
	name: "AVX512",
	gemm: gemmTiles{
		mr: 12, nr: 32,
		tile: []tileFunc{
			gemm1x32AVX512, gemm2x32AVX512, gemm3x32AVX512, gemm4x32AVX512, gemm5x32AVX512, gemm6x32AVX512,
			gemm7x32AVX512, gemm8x32AVX512, gemm9x32AVX512, gemm10x32AVX512, gemm11x32AVX512, gemm12x32AVX512,
		},
		pack: packAVX512, packT: packTransAVX512,
	},
	exp: expAVX512, sigmoid: sigmoidAVX512, tanh: tanhAVX512, silu: siluAVX512,
	siluGrad: siluGradAVX512, siluBoth: siluBothAVX512, sigmoidGrad: sigmoidGradAVX512, tanhGrad: tanhGradAVX512,
	add: addAVX512, mul: mulAVX512, mulAdd: mulAddAVX512,
	addScaled: addScaledAVX512, lerp: lerpAVX512, scale: scaleAVX512,
	dot: dotAVX512, sumSquares: sumSquaresAVX512,
	addRow: addRowAVX512, sumRows: sumRowsAVX512, rowDot: rowDotAVX512,
	scaleRowsAdd: scaleRowsAddAVX512,
	biasSiLU:     biasSiLUAVX512, biasSiLUBoth: biasSiLUBothAVX512,
	pairSiLU: pairSiLUAVX512, pairSiLUBoth: pairSiLUBothAVX512, pairGrad: pairGradAVX512,
	pairSum: pairSumAVX512, pairDot: pairDotAVX512, pairOuter: pairOuterAVX512, dotGrad: dotGradAVX512,
	pairDistances: pairDistancesAVX512, pairDistancesGrad: pairDistancesGradAVX512, pairShift: pairShiftAVX512, pairShiftGrad: pairShiftGradAVX512,
	length: lengthAVX512, inverse: inverseAVX512,
	adamW: adamWAVX512,
}

var avx2 = kernels{
	name: "AVX2",
	gemm: gemmTiles{
		mr: 6, nr: 16,
		tile: []tileFunc{
			gemm1x16AVX2, gemm2x16AVX2, gemm3x16AVX2, gemm4x16AVX2, gemm5x16AVX2, gemm6x16AVX2,
		},
		pack: packAVX2, packT: packTransAVX2,
	},
	exp: expAVX2, sigmoid: sigmoidAVX2, tanh: tanhAVX2, silu: siluAVX2,
	siluGrad: siluGradAVX2, siluBoth: siluBothAVX2, sigmoidGrad: sigmoidGradAVX2, tanhGrad: tanhGradAVX2,
	add: addAVX2, mul: mulAVX2, mulAdd: mulAddAVX2,
	addScaled: addScaledAVX2, lerp: lerpAVX2, scale: scaleAVX2,
	dot: dotAVX2, sumSquares: sumSquaresAVX2,
	addRow: addRowAVX2, sumRows: sumRowsAVX2, rowDot: rowDotAVX2,
	scaleRowsAdd: scaleRowsAddAVX2,
	biasSiLU:     biasSiLUAVX2, biasSiLUBoth: biasSiLUBothAVX2,
	pairSiLU: pairSiLUAVX2, pairSiLUBoth: pairSiLUBothAVX2, pairGrad: pairGradAVX2,
	pairSum: pairSumAVX2, pairDot: pairDotAVX2, pairOuter: pairOuterAVX2, dotGrad: dotGradAVX2,
	pairDistances: pairDistancesAVX2, pairDistancesGrad: pairDistancesGradAVX2, pairShift: pairShiftAVX2, pairShiftGrad: pairShiftGradAVX2,
	length: lengthAVX2, inverse: inverseAVX2,
	adamW: adamWAVX2,
}
