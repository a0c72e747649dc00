package resident_test

import (
	"fmt"
	"math/rand/v2"

	"equifm/autograd"
	"equifm/autograd/cuda"
	"equifm/autograd/cuda/shim"
	"equifm/egnn"
	"equifm/egnn/resident"
	"equifm/flow"
)

// A network is evaluated on a card as it is anywhere. Here a stand-in takes the card's
// place, which computes nothing: resident.Open opens the real one.
func Example() {
	card, err := cuda.New(new(shim.Fake).API(), resident.Source(), cuda.Options{})
	if err != nil {
		panic(err)
	}
	defer card.Close()
	net, err := egnn.New[float32](egnn.QM9())
	if err != nil {
		panic(err)
	}
	net.Init(rand.New(rand.NewPCG(1, 0)))
	var field flow.Network[float32]
	if field, err = resident.New(card, net, 0); err != nil {
		panic(err)
	}
	zeros := func(cols int) *autograd.Tensor[float32] { return autograd.Const(5, cols, make([]float32, 5*cols)) }
	qx, qh, err := field.Forward(autograd.NewTape[float32](), net.Params().Freeze(net.Params().Data), []int{3, 2}, zeros(3), zeros(6), zeros(1))
	fmt.Println(qx, qh, err)
	// Output: (5,3) (5,6) <nil>
}
