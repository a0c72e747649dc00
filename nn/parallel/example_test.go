package parallel_test

import (
	"fmt"

	"equifm/nn/parallel"
)

// A sum that has the same bits for any number of workers: of parts that do not
// depend on it, added in their order.
func ExampleEach() {
	const part = 1000
	x := make([]float32, 10_000)
	for i := range x {
		x[i] = 1 / float32(i+1)
	}
	var first float32
	for _, workers := range []int{1, 2, 7} {
		sums := make([]float32, len(x)/part) // each a task's own
		parallel.Each(len(sums), workers, func(_, i int) error {
			for _, v := range x[i*part : (i+1)*part] {
				sums[i] += v
			}
			return nil
		})
		var sum float32
		for _, s := range sums {
			sum += s
		}
		if workers == 1 {
			first = sum
		}
		fmt.Printf("%d workers: %.4f, the same bits: %t\n", workers, sum, sum == first)
	}
	// Output:
	// 1 workers: 9.7876, the same bits: true
	// 2 workers: 9.7876, the same bits: true
	// 7 workers: 9.7876, the same bits: true
}
