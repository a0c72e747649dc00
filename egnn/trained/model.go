package trained

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"

	"equifm/datasets"
	"equifm/egnn"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/flow/schedule"
	"equifm/nn/safetensors"
)

// Model is what samples are drawn from. Its fields belong together: read them,
// and change only what training changes. Goroutines may share a model that none
// of them changes.
type Model struct {
	Config  config.Config
	Field   *egnn.Field[float32]
	Average []float32 // of the parameters over the steps; what samples are drawn with
	Sizes   datasets.Histogram
	Moments flow.Moments // of the training set and its transport, Å²; 0 where the output needs none
	Theta   []float64    // of path.h = "learned", as far as training has moved it; nil where nothing is learned
	Step    int          // of the training

	Condition *Condition // of a model of a property; nil otherwise

	CPU float64 // processor time that the training has taken, s
}

// New returns an untrained model, its parameters drawn with the seed, and the
// average the parameters themselves.
func New(c config.Config, sizes datasets.Histogram, moments flow.Moments) (*Model, error) {
	field, err := egnn.New[float32](c.Shape())
	if err != nil {
		return nil, err
	}
	field.Init(rand.New(rand.NewPCG(c.Seed, 0)))
	return &Model{Config: c, Field: field, Average: field.Params().Data, Sizes: sizes, Moments: moments}, nil
}

// FlowPath returns the probability path, a learned schedule of it as it has been learned.
func (m *Model) FlowPath() flow.Path {
	path := m.Config.FlowPath()
	if l, ok := path.H.(*schedule.Learned); ok && len(m.Theta) == len(l.Theta) {
		copy(l.Theta, m.Theta)
	}
	return path
}

// Write writes a checkpoint that Open reads: the average in a type of numbers, F32
// to keep every bit, BF16 in half the room, and what the model says of itself,
// with checksums. Training cannot go on from it.
func (m *Model) Write(w io.Writer, numbers safetensors.DType) error {
	meta, err := m.Metadata()
	if err != nil {
		return err
	}
	tensors := m.Field.Params().Named("ema.", m.Average)
	for i := range tensors {
		tensors[i].DType = numbers
	}
	return safetensors.WriteSealed(w, tensors, meta)
}

// WriteFile writes a file as Write does, over what may be there.
func (m *Model) WriteFile(path string, numbers safetensors.DType) error {
	out, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := m.Write(out, numbers); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// String says in a line what the model is.
func (m *Model) String() string {
	least, most := m.Sizes.Range()
	return fmt.Sprintf("%s: %d parameters after %d steps, elements %s, %d to %d atoms",
		m.Config.Name, len(m.Average), m.Step, strings.Trim(fmt.Sprint(m.Config.Vocabulary().Elements), "[]"), least, most)
}
