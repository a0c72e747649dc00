//go:build !noasm

package kernel

import "golang.org/x/sys/cpu"

//go:generate go run -C asm . -isa avx512 -out ../avx512_amd64.s -stubs ../avx512_amd64.go -pkg kernel
//go:generate go run -C asm . -isa avx2 -out ../avx2_amd64.s -stubs ../avx2_amd64.go -pkg kernel

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
		nr: 32,
		tile: []tileFunc{
			gemm1x32AVX512, gemm2x32AVX512, gemm3x32AVX512, gemm4x32AVX512, gemm5x32AVX512, gemm6x32AVX512,
			gemm7x32AVX512, gemm8x32AVX512, gemm9x32AVX512, gemm10x32AVX512, gemm11x32AVX512, gemm12x32AVX512,
		},
		pack: packAVX512, packT: packTransAVX512,
	},
}

var avx2 = kernels{
	name: "AVX2",
	gemm: gemmTiles{
		nr: 16,
		tile: []tileFunc{
			gemm1x16AVX2, gemm2x16AVX2, gemm3x16AVX2, gemm4x16AVX2, gemm5x16AVX2, gemm6x16AVX2,
		},
		pack: packAVX2, packT: packTransAVX2,
	},
}
