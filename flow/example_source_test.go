package flow_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"

	"equifm/flow"
	"equifm/nn"
)

// inFile is points of the plane that stay in their file, two float32 each.
type inFile struct {
	file   io.ReaderAt
	points int
}

func (f inFile) Len() int      { return f.points }
func (f inFile) Atoms(int) int { return 1 }

func (f inFile) Example(i int, into *flow.Example[float32]) (*flow.Example[float32], error) {
	var b [8]byte
	if _, err := f.file.ReadAt(b[:], int64(i)*int64(len(b))); err != nil {
		return nil, err
	}
	into.X = append(into.X[:0], 0, 0, 0)
	into.H = slices.Grow(into.H[:0], 2)[:2]
	_, err := binary.Decode(b[:], binary.LittleEndian, into.H)
	return into, err
}

// Data that do not fit in memory are a Source, which reads an example as it is asked for.
func ExampleSource() {
	points := twoMoons[float32](500, rand.New(rand.NewPCG(1, 1)))
	var file bytes.Buffer
	for i := range points {
		if err := binary.Write(&file, binary.LittleEndian, points[i].H); err != nil {
			panic(err)
		}
	}
	net := newCloudNet[float32](rand.New(rand.NewPCG(2, 2)))
	tr, err := flow.NewTrainerFrom(flow.Settings{Path: straight, Weights: flow.Weights{Features: 1}, Batch: 64, Shard: 16, Seed: 3},
		net, nn.NewAdamW(net.Params()), inFile{bytes.NewReader(file.Bytes()), len(points)})
	if err != nil {
		panic(err)
	}
	var first, last float64
	for report, err := range tr.Run(300, flow.Rate{LR: 5e-3}.At) {
		if err != nil {
			panic(err)
		}
		if last = report.Loss.Total; report.Step == 1 {
			first = last
		}
	}
	fmt.Printf("a file of %d bytes; the loss has fallen: %v\n", file.Len(), last < first)
	// Output: a file of 4000 bytes; the loss has fallen: true
}
