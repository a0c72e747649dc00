package resident

import (
	"fmt"

	"equifm/autograd"
	"equifm/autograd/cuda"
	"equifm/nn"
)

// forward computes x and h of every layer, and out.
func (f *Field) forward() {
	d, n, H, F := f.dev, f.atoms, f.net.Hidden, f.net.Features
	width, top := F+1+f.net.Context, f.net.Layers
	// h = embed·[features, time, context] + b
	d.Launch("add_bias", n*H, cuda.Int(H), cuda.Memory{}, f.weight(f.embed.b).Memory, f.h[0])
	d.Gemm(false, true, n, H, width, f.in.By(width), f.weight(f.embed.w), 1, f.h[0].By(H))
	f.distances(f.x[0], 1)
	for l := range f.layers {
		f.distances(f.x[l], 0)
		f.messages(l)
		f.nodes(l)
		f.coordinates(l)
	}
	// q̂_h is the first F columns of h·Wᵀ + b
	d.Launch("add_bias", n*F, cuda.Int(F), cuda.Memory{}, f.weight(f.out.b).Memory, f.workspace.out)
	d.Gemm(false, true, n, F, H, f.h[top].By(H), f.weight(f.out.w), 1, f.workspace.out.By(F))
}

// passOp is a pass on the card, with the positions that it moved and q̂_h.
type passOp struct {
	f         *Field
	v         nn.View[float32]
	moved, qh *autograd.Tensor[float32] // (N, 3), (N, F)
	number    int
}

func (o *passOp) Backward() {
	f := o.f
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.passes != o.number {
		panic(fmt.Sprintf("resident: Backward of pass %d after pass %d: what it needs is gone", o.number, f.passes))
	}
	defer f.dev.Bind()()
	f.dev.Fill(f.grads, 0)
	f.dev.Write(f.dx, o.moved.Grad)
	f.dev.Write(f.dout, o.qh.Grad)
	f.backward()
	if f.held {
		return
	}
	grads := make([]float32, f.grads.Len())
	f.dev.Read(grads, f.grads)
	for _, b := range f.net.Params().Blocks {
		for i, g := range grads[b.Offset : b.Offset+b.Len()] {
			o.v.Tensor(b).Grad[i] += g
		}
	}
}

// backward adds to grads what the gradients dx and dout say.
func (f *Field) backward() {
	d, n, H, F := f.dev, f.atoms, f.net.Hidden, f.net.Features
	width, top := F+1+f.net.Context, f.net.Layers
	// q̂_h = h·Wᵀ + b  ⇒  dh = dq̂_h·W, dW += dq̂_hᵀ·h, db += Σ dq̂_h
	d.Gemm(false, false, n, H, F, f.dout.By(F), f.weight(f.out.w), 0, f.dh.By(H))
	d.Gemm(true, false, F, H, n, f.dout.By(F), f.h[top].By(H), 1, f.slope(f.out.w))
	f.sumRows(f.dout, n, F, f.slope(f.out.b).By(1))
	for l := top - 1; l >= 0; l-- {
		f.distances(f.x[l], 0)
		f.coordinatesBack(l)
		f.nodesBack(l)
		f.messagesBack(l)
	}
	d.Gemm(true, false, H, width, n, f.dh.By(H), f.in.By(width), 1, f.slope(f.embed.w))
	f.sumRows(f.dh, n, H, f.slope(f.embed.b).By(1))
}
