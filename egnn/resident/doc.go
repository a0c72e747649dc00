// Package resident is the network of package egnn, its optimiser and its average on a
// graphics card of NVIDIA's, by package autograd/cuda.
//
// [Field] is a flow.Network: where a program evaluates an egnn.Field it may evaluate this
// one, with gradients or without. [Engine] is a flow.Resident, and takes a trainer's whole
// steps: parameters, gradients, the optimiser's state and the average stay on the card. Only
// q̂ comes down and its gradient goes up, so that path, alignment, loss and a sampler's
// arithmetic are the Go code that they are elsewhere. The trainer fetches what it saves.
//
//	card, err := resident.Open(cuda.Options{})
//	trainer.Engine, err = resident.NewEngine(card, net, trainer, bytes)
//
// What is computed is what egnn's fused operations compute, with the first linear of a
// pair's perceptron split by atoms, and matrix products by cuBLAS. All else is in kernels.cu,
// a page and a half of kernels where one thread computes one number: sums over senders run
// along a receiver's pairs in their order, sums over rows are products with ones. So the
// same run gives the same bits, on one kind of card. They are not the processor's bits: a
// run may go on from one to the other by its checkpoint, within rounding.
//
// Pairs go through in pieces of whole molecules. Of numbers a pair and a channel each, a
// pass keeps one array an operation for backward, z, if all fit a budget in bytes, and
// otherwise computes them again, to the same bits.
//
// Reading order: kernels.cu; edge.go, message.go, coordinates.go and node.go, a layer's
// operations with their gradients under them; pass.go; field.go; engine.go with adamw.go
// and muon.go. The tests run all of it without a card (package autograd/cuda/shim), and hold
// gradients to the processor's in double precision, and fifty steps' losses to its.
//
// Legend: N atoms of a batch; P ordered pairs; H channels of an atom, E of a pair; F
// features; C context columns.
package resident
