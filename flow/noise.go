package flow

import (
	"fmt"
	"math/rand/v2"

	"equifm/autograd"
)

// Normal fills dst with independent standard normal values.
func Normal[T autograd.Float](rng *rand.Rand, dst []T) {
	for i := range dst {
		dst[i] = T(rng.NormFloat64())
	}
}

// CentredNormal fills x (N, 3) with standard normal positions whose centre is
// moved to the origin: the Gaussian on the 3(N-1) dimensions that a translation
// does not touch. One atom has no such dimension and lies at the origin.
func CentredNormal[T autograd.Float](rng *rand.Rand, x []T) {
	Normal(rng, x)
	Centre(x)
}

// Centre moves the mean of the rows of x (N, 3) to the origin.
func Centre[T autograd.Float](x []T) {
	if len(x)%3 != 0 {
		panic(fmt.Sprintf("flow: Centre: %d coordinates", len(x)))
	}
	if len(x) == 0 {
		return
	}
	var mean [3]float64
	for i, v := range x {
		mean[i%3] += float64(v)
	}
	for k := range mean {
		mean[k] /= float64(len(x) / 3)
	}
	for i := range x {
		x[i] = T(float64(x[i]) - mean[i%3])
	}
}
