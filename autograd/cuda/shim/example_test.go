package shim_test

import (
	"fmt"

	"equifm/autograd/cuda"
	"equifm/autograd/cuda/shim"
)

// What a program leaves on a card that has no room left.
func ExampleFake() {
	f := &shim.Fake{FailAt: 10}
	d, err := cuda.New(f.API(), "", cuda.Options{})
	fmt.Println("opened:", err)
	d.New(100)
	d.New(200)
	fmt.Println(f.Failed, "fails, and so:", d.Err())
	fmt.Print("closed: ", d.Close(), ", still held: ", f.Held() == "")
	// Output:
	// opened: <nil>
	// MemoryAlloc fails, and so: cuda: cuMemAlloc: error 2 (0 MB are held): a smaller batch may help
	// closed: <nil>, still held: true
}
