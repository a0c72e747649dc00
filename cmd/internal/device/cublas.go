//go:build cublas && linux

package device

import (
	"errors"

	"equifm/autograd/cuda"
	"equifm/egnn"
	"equifm/egnn/resident"
	"equifm/flow"
)

// card is one of NVIDIA's.
type card struct{ device *cuda.Device }

func open(tf32 bool) (Device, error) {
	d, err := resident.Open(cuda.Options{TF32: tf32})
	if none := new(cuda.Unavailable); errors.As(err, &none) {
		return nil, &Unavailable{err}
	}
	if err != nil {
		return nil, err
	}
	return card{d}, nil
}

// keepBytes is how much of a card's memory what backward needs of the pairs may take.
const keepBytes = 4 << 30

func (c card) Train(net *egnn.Field[float32], tr *flow.Trainer[float32]) error {
	e, err := resident.NewEngine(c.device, net, tr, keepBytes)
	if err == nil {
		tr.Engine = e
	}
	return err
}

func (c card) Network(net *egnn.Field[float32]) (flow.Network[float32], error) {
	return resident.New(c.device, net, 0)
}

func (c card) Close() error { return c.device.Close() }
