package resident

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"equifm/autograd/cuda"
	"equifm/autograd/cuda/shim"
)

// Whichever of all the calls of two steps fails, the trainer says so, its own parameters are
// as they were until they are fetched, and nothing stays on the card.
func TestEveryCallOfAStepMayFail(t *testing.T) {
	c := shapes[0]
	c.Layers = 1
	two := func(f *shim.Fake) (before, after []float32, err error) {
		d, err := cuda.New(f.API(), kernels, cuda.Options{})
		if err != nil {
			return nil, nil, err
		}
		defer func() { err = errors.Join(err, d.Close()) }()
		tr, net := trainer(t, c, "muon")
		before = slices.Clone(net.Params().Data)
		e, err := NewEngine(d, net, tr, 0)
		if err != nil {
			return before, net.Params().Data, err
		}
		tr.Engine = e
		for range 2 {
			if _, err := tr.Step(); err != nil {
				return before, net.Params().Data, err
			}
		}
		return before, before, tr.Fetch()
	}
	well := new(shim.Fake)
	if _, _, err := two(well); err != nil || well.Held() != "" {
		t.Fatalf("nothing fails, but %v; still held: %s", err, well.Held())
	}
	for n := 1; n <= well.Calls; n++ {
		f := &shim.Fake{FailAt: n}
		before, after, err := two(f)
		if f.Held() != "" || !slices.Equal(before, after) {
			t.Errorf("call %d, %s, fails: still held: %q; the parameters are the same: %t", n, f.Failed, f.Held(), slices.Equal(before, after))
		}
		if err == nil || !strings.Contains(err.Error(), "error 2") {
			t.Errorf("call %d, %s, fails: error %v", n, f.Failed, err)
		}
	}
	if well.Calls < 500 {
		t.Errorf("only %d calls", well.Calls)
	}
}
