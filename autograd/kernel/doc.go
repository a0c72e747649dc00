// Package kernel holds the inner loops: matrix product, activations and the
// element-wise work of a layer, over plain slices.
//
// Legend: n columns of a row, rows of a block; matrices are row-major and
// contiguous. T is float32 or float64: float32 runs in assembly where there is
// some for the machine, float64 and the noasm tag run the plain Go twin.
package kernel
