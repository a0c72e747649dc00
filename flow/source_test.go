package flow_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"equifm/flow"
	"equifm/nn"
)

// handed is a Source that hands out copies, as one that reads a file does; it fails at
// the examples that it is told to.
type handed struct {
	examples []flow.Example[float32]
	bad      int
}

func (h handed) Len() int        { return len(h.examples) }
func (h handed) Atoms(i int) int { return h.examples[i].Atoms() }
func (h handed) Example(i int, into *flow.Example[float32]) (*flow.Example[float32], error) {
	if i == h.bad {
		return nil, errors.New("the file is gone")
	}
	into.X, into.H = append(into.X[:0], h.examples[i].X...), append(into.H[:0], h.examples[i].H...)
	return into, nil
}

// Examples that are handed out are learned from as those in memory are, bit for bit; one
// that cannot be had ends the step and is named.
func TestSourceIsLearnedFrom(t *testing.T) {
	examples := someMolecules[float32](23)
	want := newTrainer(t, 2)
	steps(t, want, 3)
	net := smallField[float32](t)
	s := settings(2)
	got, err := flow.NewTrainerFrom(s, net, nn.NewAdamW(net.Params()), handed{examples, -1})
	if err != nil {
		t.Fatal(err)
	}
	steps(t, got, 3)
	if !slices.Equal(got.Net.Params().Data, want.Net.Params().Data) {
		t.Error("other weights from a source than from memory")
	}
	broken, err := flow.NewTrainerFrom(s, net, nn.NewAdamW(net.Params()), handed{examples, 7})
	for range 23 {
		if err == nil {
			_, err = broken.Step()
		}
	}
	if err == nil || !strings.Contains(err.Error(), "molecule 8 of the data: the file is gone") {
		t.Errorf("a molecule that cannot be read: %v", err)
	}
}

// dealt is an Engine that looks at how a batch is dealt.
type dealt struct{ most, least, molecules int }

func (d *dealt) Gradient(b *flow.Batch[float32], idle func()) ([]float32, flow.Parts, error) {
	idle()
	d.least, d.molecules = 1<<60, 0
	for k := range b.Shards {
		pairs := 0
		for _, n := range b.Part(k).Sizes {
			pairs += n * n
			d.molecules++
		}
		d.most, d.least = max(d.most, pairs), min(d.least, pairs)
	}
	return nil, flow.Parts{}, errors.New("seen")
}

// By pairs, shards of very different molecules have about as much to do each.
func TestShardsByPairs(t *testing.T) {
	var examples []flow.Example[float32]
	for _, n := range []int{60, 40, 40, 30, 12, 11, 10, 10, 9, 9, 8, 8} {
		examples = append(examples, flow.Example[float32]{State: flow.State[float32]{X: make([]float32, 3*n), H: make([]float32, 3*n)}})
	}
	look := func(pairs bool) (d dealt) {
		s := settings(1)
		s.Batch, s.Shard, s.Pairs = 12, 4, pairs
		tr := trainerOf(t, s, examples)
		tr.Engine = &d
		if _, err := tr.Step(); err == nil || !strings.Contains(err.Error(), "seen") {
			t.Fatal(err)
		}
		if d.molecules != 12 {
			t.Errorf("%d of 12 molecules are dealt", d.molecules)
		}
		return d
	}
	even, rank := look(true), look(false)
	if even.most > 3600 || even.most >= rank.most {
		t.Errorf("the largest shard has %d pairs, %d without looking at pairs; the largest molecule has 3600", even.most, rank.most)
	}
}
