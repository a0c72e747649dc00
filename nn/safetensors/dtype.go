package safetensors

// DType is how numbers stand in a file.
type DType string

// The types that are read and written. Numbers in memory are float64 for F64 and
// float32 for the others. A half keeps what of a float32 it has bits for, rounded
// to nearest, ties to even; reading one is exact.
const (
	F64  DType = "F64"
	F32  DType = "F32"
	BF16 DType = "BF16" // float32 cut to 8 significant bits: the same range, 2 to 3 decimals
	F16  DType = "F16"  // IEEE 754 binary16: 11 significant bits, steps of 2⁻²⁴ below 2⁻¹⁴, infinite from 65520 on
)

// Number is a number in memory, of either precision.
type Number interface{ float32 | float64 }

// kind is what there is to know of a DType.
type kind struct {
	size   int64                // bytes of a number
	narrow func(float32) uint16 // into the file; nil where nothing is converted
	widen  func(uint16) float32 // out of it
}

var kinds = map[DType]kind{
	F64:  {size: 8},
	F32:  {size: 4},
	BF16: {size: 2, narrow: toBF16, widen: fromBF16},
	F16:  {size: 2, narrow: toF16, widen: fromF16},
}

// own returns the type in which T is written without converting it.
func own[T Number]() DType {
	var zero T
	if _, ok := any(zero).(float64); ok {
		return F64
	}
	return F32
}

// holds says whether T holds every number of type d.
func holds[T Number](d DType) bool { return d == own[T]() || own[T]() == F32 && kinds[d].widen != nil }
