// Command neon writes the arm64 assembly of package kernel; go generate runs it.
// Every kernel is one Go function here, written over vectors of four float32, as
// those of amd64 are in the folder above, which tell the ideas. What differs:
//
//   - There are no masks. The end of a row, of one to three elements, has bodies of
//     its own, which load lanes that are not there as zeros (loop.go).
//   - Registers are given out by hand, upwards, and taken back at the end of a scope
//     (asm.go): consecutive ones, as the loads of up to four vectors want.
//   - Go's assembler has few of the float32 instructions: the rest are written as
//     words, with their names beside (encode.go).
//   - Pointers step as they load and store, which costs no instruction.
//   - eˣ is a polynomial without a table (exp.go), and a tile of the product reads
//     A in columns, packed (gemm.go).
package main

import (
	"flag"
	"log"
	"os"
)

func main() {
	out := flag.String("out", "", "file of the assembly")
	stubs := flag.String("stubs", "", "file of the Go declarations")
	flag.Parse()
	a := newAsm()
	a.gemm()
	a.packs()
	a.vector()
	a.activation()
	a.block()
	a.pair()
	a.geometry()
	a.adamW()
	for name, content := range map[string][]byte{*out: a.assembly(), *stubs: a.declarations()} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
