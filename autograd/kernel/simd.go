package kernel

import (
	"fmt"
	"unsafe"
)

//go:generate go run -C asm . -isa avx512 -out ../avx512_amd64.s -stubs ../avx512_amd64.go -pkg kernel
//go:generate go run -C asm . -isa avx2 -out ../avx2_amd64.s -stubs ../avx2_amd64.go -pkg kernel
//go:generate go run -C asm ./neon -out ../neon_arm64.s -stubs ../neon_arm64.go

// Float is an element type: float32 is what trains, float64 what is checked.
type Float interface{ float32 | float64 }

// simd is the assembly of this machine, or nil where there is none (another
// architecture, an old processor, the noasm tag): then portable Go runs.
// It is chosen once, at start; only tests change it.
var simd = detect()

// kernels is one instruction set's assembly: a pointer to the first element of
// each array, then the extents. No kernel allocates, grows the stack or keeps a
// pointer.
type kernels struct {
	name string
	gemm gemmTiles

	exp, sigmoid, tanh, silu func(dst, x *float32, n int)
	siluGrad                 func(dx, x, dy *float32, n int)
	siluBoth                 func(y, dydx, x *float32, n int)
	sigmoidGrad, tanhGrad    func(dx, y, dy *float32, n int)

	add             func(dst, x *float32, n int)
	mul, mulAdd     func(dst, x, y *float32, n int)
	addScaled, lerp func(dst *float32, alpha float32, x *float32, n int)
	scale           func(dst *float32, alpha float32, x *float32, n int)
	dot             func(x, y *float32, n int) float32
	sumSquares      func(x *float32, n int) float64

	addRow, sumRows func(dst, x *float32, rows, n int)
	rowDot          func(dst, x, w *float32, rows, n int)
	scaleRowsAdd    func(dst, x, g *float32, rows, n int)
	biasSiLU        func(y, x, bias *float32, rows, n int)
	biasSiLUBoth    func(y, dydx, x, bias *float32, rows, n int)

	pairSiLU     func(a, u, v, d, d0, wd, w0 *float32, n int, runs *int, count int)
	pairSiLUBoth func(a, slope, u, v, d, d0, wd, w0 *float32, n int, runs *int, count int)
	pairGrad     func(du, dv, dwd, dw0, dd, dd0, da, slope, d, d0, wd, w0 *float32, n int, runs *int, count int)
	pairSum      func(y, m, gate *float32, n int, runs *int, count int)
	pairDot      func(dot, m, y *float32, n int, runs *int, count int)
	pairOuter    func(dz, gate, dy, ds, w, slope *float32, n int, runs *int, count int)
	dotGrad      func(dz, ddot, w, slope *float32, rows, n int)

	pairDistances     func(d, x *float32, atoms int, runs *int, count int)
	pairDistancesGrad func(dx, x, dd *float32, atoms int, runs *int, count int)
	pairShift         func(y, x, w *float32, atoms int, runs *int, count int)
	pairShiftGrad     func(dx, dw, x, w, dy *float32, atoms int, runs *int, count int)
	length            func(dst, x *float32, eps float32, n int)
	inverse           func(dst, x *float32, shift, scale float32, n int)

	adamW func(p, m, v, vmax, grad *float32, n int, c *float32)
}

// fast returns the assembly for T, or nil where Go is to run.
func fast[T Float]() *kernels {
	if !isFloat32[T]() {
		return nil
	}
	return simd
}

// isFloat32 tells whether T is float32: then an activation without assembly runs
// in float32 arithmetic rather than as its twin.
func isFloat32[T Float]() bool {
	var zero T
	return unsafe.Sizeof(zero) == 4
}

// f32 is x, whose T must be float32.
func f32[T Float](x []T) []float32 { return any(x).([]float32) }

// ptr returns the first element of x, whose T must be float32. The pointer goes
// through a uintptr's place in memory so that x does not escape through the
// function table, and a caller's scratch array stays on its stack. That is sound
// because nothing is called between, and assembly keeps no pointer.
func ptr[T Float](x []T) *float32 {
	p := unsafe.SliceData(x)
	address := *(*uintptr)(unsafe.Pointer(&p))
	return *(**float32)(unsafe.Pointer(&address))
}

func sameLen(name string, want int, got ...int) {
	for _, n := range got {
		if n != want {
			panic(fmt.Sprintf("kernel: %s: lengths %d and %d", name, want, n))
		}
	}
}

// rowsOf returns how many rows of n columns x holds.
func rowsOf(name string, x, n int) int {
	if n == 0 && x == 0 {
		return 0
	}
	if n == 0 || x%n != 0 {
		panic(fmt.Sprintf("kernel: %s: %d elements are no rows of %d", name, x, n))
	}
	return x / n
}
