// Package nn holds what a network is made of besides its formula: parameters,
// layers, their first values, and what a step of training does to them.
//
// [Params] is every parameter of a model in one flat slice with named blocks.
// A layer is no object with weights inside but a note of which blocks it uses:
// [NewLinear] and [NewMLP] add blocks and return the note, [Apply] and
// [ApplyMLP] compute with it. What they compute on is a [View], the parameters
// as tensors with gradients in some flat slice; each shard of a batch binds its
// own, and all shards share the parameters, which nobody writes during a step.
//
// Since everything is flat, the rest are loops over slices. A step of training
// reads, in order:
//
//	SumShards(grad, shards, workers)              // gradients of the shards, in index order
//	norm := Norm(grad, workers)                   // not finite: stop here
//	opt.Step(grad, lr, clip.Scale(norm), workers) // an Optimizer on the clipped gradient
//	ema.Update(params, workers)                   // the average that samples are drawn with
//
// and gives the same bits for any number of workers: slices are cut into parts
// that depend on their length alone, and sums are taken in the parts' order; see
// package nn/parallel.
//
// [AdamW] moves each number by itself. [Muon] moves matrices as such, by their
// momentum made orthogonal, one matrix a worker, and leaves AdamW the rest.
//
// [Params.Named] and [Params.Load] take a model's blocks, or anything laid out like
// them, such as the average, to the named tensors of package nn/safetensors and
// back, under a prefix. Names and shapes are those of PyTorch's state_dict: what
// is trained here loads there.
//
// Start with params.go and linear.go, then adamw.go and muon.go. The matrix
// products and the derivatives are package autograd's.
//
// Legend: N rows of a batch (atoms, or pairs), in and out the channels before
// and after a layer; T is float32 or float64; a flat slice has one number for
// each parameter, in the order of Params.Data.
package nn
