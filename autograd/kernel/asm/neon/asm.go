package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"
)

// asm is the assembly written so far, and the function being written.
type asm struct {
	text, data, stubs bytes.Buffer

	name    string
	params  map[string]string // name → its place, such as x+8(FP)
	vectors int               // registers in use: V0 to the one before
	general int               // of generals
	labels  int
	pool    string // the function's constants, as they are written
	poolReg reg
	pools   map[string]string // where those of a function are that has the same
}

func newAsm() *asm { return &asm{pools: map[string]string{}} }

// A reg is a general register, by its place in generals.
type reg int

// generals leaves out those of the linker (R16, R17), the platform (R18), the
// assembler (R27), the goroutine (R28) and the call (R29, R30).
var generals = [...]string{
	"R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R13", "R14", "R15",
	"R19", "R20", "R21", "R22", "R23", "R24", "R25", "R26",
}

func (r reg) String() string { return generals[r] }

// A vec is a vector register.
type vec int

func (v vec) String() string  { return fmt.Sprintf("V%d.S4", int(v)) }
func (v vec) scalar() string  { return fmt.Sprintf("F%d", int(v)) }
func (v vec) bytes() string   { return fmt.Sprintf("V%d.B16", int(v)) }
func (v vec) doubles() string { return fmt.Sprintf("V%d.D2", int(v)) }
func (v vec) lane(i int) string {
	return fmt.Sprintf("V%d.S[%d]", int(v), i)
}

// gp returns a fresh general register.
func (a *asm) gp() reg {
	if a.general == len(generals) {
		panic(a.name + ": out of general registers")
	}
	a.general++
	return reg(a.general - 1)
}

// vec returns a fresh vector register.
func (a *asm) vec() vec {
	if a.vectors == 32 {
		panic(a.name + ": out of vector registers")
	}
	a.vectors++
	return vec(a.vectors - 1)
}

// scope runs f and takes back the registers it has asked for.
func (a *asm) scope(f func()) {
	v, g := a.vectors, a.general
	f()
	a.vectors, a.general = v, g
}

// op writes one instruction.
func (a *asm) op(name string, operands ...any) {
	list := make([]string, len(operands))
	for i, o := range operands {
		list[i] = fmt.Sprint(o)
	}
	fmt.Fprintf(&a.text, "\t%s\t%s\n", name, strings.Join(list, ", "))
}

// label returns a label that nothing else has.
func (a *asm) label(name string) string {
	a.labels++
	return fmt.Sprintf("%s%d", name, a.labels)
}

func (a *asm) place(label string) { fmt.Fprintf(&a.text, "%s:\n", label) }

func imm(x int) string { return fmt.Sprintf("$%d", x) }

// at is the memory at base + offset bytes.
func at(base reg, offset int) string { return fmt.Sprintf("%d(%s)", offset, base) }

// layOut gives the parameters of a signature, and its results, their places on the
// stack: in order, each aligned to its size. It returns the bytes of them all.
func (a *asm) layOut(signature string) (offset int) {
	a.params = map[string]string{}
	for _, list := range strings.Split(strings.TrimSuffix(signature, ")"), ")") {
		offset = (offset + 7) &^ 7
		var names []string
		for _, item := range strings.Split(strings.Trim(list, " ()"), ", ") {
			name, kind, typed := strings.Cut(item, " ")
			if names = append(names, name); !typed {
				continue
			}
			size := 8
			if kind == "float32" {
				size = 4
			}
			for _, name := range names {
				offset = (offset + size - 1) &^ (size - 1)
				a.params[name] = fmt.Sprintf("%s+%d(FP)", name, offset)
				offset += size
			}
			names = nil
		}
	}
	return offset
}

// function writes a function without a stack frame.
func (a *asm) function(name, signature, doc string, body func()) {
	a.name, a.pool = name+"NEON", ""
	size := a.layOut(signature)
	fmt.Fprintf(&a.stubs, "\n// %s %s\n//\n//go:noescape\nfunc %s%s\n", a.name, doc, a.name, signature)
	fmt.Fprintf(&a.text, "\n// func %s%s\nTEXT ·%s(SB), NOSPLIT, $0-%d\n", a.name, signature, a.name, size)
	start := a.text.Len()
	a.scope(body)
	a.op("RET")
	if a.pool != "" {
		code := strings.Replace(a.text.String()[start:], "$constants<>", "$"+a.constants()+"<>", 1)
		a.text.Truncate(start)
		a.text.WriteString(code)
	}
}

// constants writes the function's constants, unless another has the same, and
// returns their name.
func (a *asm) constants() string {
	if name, ok := a.pools[a.pool]; ok {
		return name
	}
	name := "constants" + strings.ToUpper(a.name[:1]) + a.name[1:]
	a.pools[a.pool] = name
	lines := strings.SplitAfter(a.pool, "\n")
	for i, line := range lines[:len(lines)-1] {
		fmt.Fprintf(&a.data, "DATA %s<>+%d(SB)/4, %s", name, 4*i, line)
	}
	fmt.Fprintf(&a.data, "GLOBL %s<>(SB), RODATA|NOPTR, $%d\n\n", name, 4*(len(lines)-1))
	return name
}

// param is a parameter's place on the stack.
func (a *asm) param(name string) string {
	p, ok := a.params[name]
	if !ok {
		panic(a.name + " has no " + name)
	}
	return p
}

// arg loads a parameter into a fresh register.
func (a *asm) arg(name string) reg {
	r := a.gp()
	a.op("MOVD", a.param(name), r)
	return r
}

// spreadArg returns a float32 parameter in every lane.
func (a *asm) spreadArg(name string) vec {
	v := a.vec()
	a.op("FMOVS", a.param(name), v.scalar())
	a.op("VDUP", v.lane(0), v)
	return v
}

// constant returns a fresh register with x in every lane.
func (a *asm) constant(x float32) vec {
	if a.pool == "" {
		a.poolReg = a.gp()
		a.op("MOVD", "$constants<>(SB)", a.poolReg)
	}
	a.pool += fmt.Sprintf("$0x%08x // %v\n", math.Float32bits(x), x)
	v := a.vec()
	a.op("VLD1R.P", at(a.poolReg, 4), fmt.Sprintf("[%v]", v))
	return v
}

const header = "// Code generated by go generate: asm/neon. DO NOT EDIT.\n\n//go:build !noasm\n\n"

func (a *asm) assembly() []byte {
	return []byte(header + "#include \"textflag.h\"\n\n" + a.data.String() + strings.TrimPrefix(a.text.String(), "\n"))
}

func (a *asm) declarations() []byte {
	return []byte(header + "package kernel\n" + a.stubs.String())
}
