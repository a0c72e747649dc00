// Command asm writes the assembly of package kernel: go generate runs it once
// for each instruction set. Every kernel is one Go function here, written over
// vec (see vec.go), a vector of 8 or 16 float32.
package main

import (
	"flag"

	. "github.com/mmcloughlin/avo/build"
)

func main() {
	name := flag.String("isa", "avx512", "instruction set: avx512 or avx2")
	flag.Parse()
	v := isas[*name]
	ConstraintExpr("!noasm")
	v.gemm()
	v.pack()
	v.packTrans()
	v.vector()
	v.activation()
	v.block()
	v.pair()
	v.geometry()
	v.adamW()
	Generate()
}
