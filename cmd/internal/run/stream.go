package run

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"equifm/datasets"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/molecule"
)

// mostInMemory is how many molecules of a set that stays in its file are kept as
// examples: those that moments are measured on and samples are held against.
const mostInMemory = 4096

// streamed is the examples of a set that stays in its file.
type streamed struct {
	set        *datasets.Conformers
	index      []int // of the molecules to learn from
	vocabulary datasets.Vocabulary
	context    []float32 // of every molecule
	readers    sync.Pool // of *streamReader
}

// streamReader is what one goroutine reads with.
type streamReader struct {
	molecule molecule.Molecule
	buffer   datasets.Buffer
}

func (s *streamed) Len() int        { return len(s.index) }
func (s *streamed) Atoms(i int) int { return s.set.Atoms(s.index[i]) }

// Example reads and encodes a molecule.
func (s *streamed) Example(i int, into *flow.Example[float32]) (*flow.Example[float32], error) {
	r, ok := s.readers.Get().(*streamReader)
	if !ok {
		r = new(streamReader)
	}
	defer s.readers.Put(r)
	err := s.set.Read(s.index[i], &r.molecule, &r.buffer)
	if err == nil {
		into.Context = s.context
		into.X, into.H, err = datasets.EncodeInto(s.vocabulary, &r.molecule, into.X, into.H)
	}
	return into, err
}

// readStream settles what is learned from a set that stays in its file, and brings some
// of it to memory.
func (r *Run) readStream(set *datasets.Set) (name string, sizes datasets.Histogram, err error) {
	data, all := r.Config.Data, set.Splits[r.Config.Data.Split]
	if data.Split == "" {
		for i := range set.Stream.Len() {
			all = append(all, i)
		}
	}
	switch {
	case len(all) == 0:
		err = fmt.Errorf("%s has no molecules of split %q", data.Source, data.Split)
	case data.Half != config.Whole:
		err = errors.New("data.half is not for an array of GEOM-Drugs")
	case data.Tenth != "" || data.Atoms != "":
		err = errors.New("data.tenth and data.atoms are not for an array of GEOM-Drugs")
	case r.Config.Condition.Property != "":
		err = fmt.Errorf("an array of GEOM-Drugs says nothing of condition.property = %q", r.Config.Condition.Property)
	}
	if err != nil {
		return "", sizes, err
	}
	r.Config = r.Config.Know(set.Stream.Elements())
	v := r.Config.Vocabulary()
	for _, e := range set.Stream.Elements() {
		if !slices.Contains(v.Elements, e) {
			return "", sizes, fmt.Errorf("%s has %v, expected one of %v (data.vocabulary = %q)", data.Source, e, v.Elements, data.Vocabulary)
		}
	}
	context := make([]float32, r.Config.Train.Told()) // it has none but what is given
	r.source = &streamed{set: set.Stream, index: all, vocabulary: v, context: context}
	for i := range all {
		sizes.Add(r.source.Atoms(i))
	}
	fmt.Fprintf(r.screen, "%s: %d conformers of %d molecules, %d of them of split %q, which stay in the file\n",
		set.Name, set.Stream.Len(), set.Stream.Molecules(), len(all), data.Split)
	if r.Examples, err = r.source.some(mostInMemory); err == nil && data.Split == "train" {
		valid := streamed{set: set.Stream, index: set.Splits["valid"], vocabulary: v, context: context}
		r.Valid, err = valid.some(mostValid)
	}
	return set.Name, sizes, err
}

// some reads at most n examples, evenly spread over all.
func (s *streamed) some(n int) (few []flow.Example[float32], err error) {
	few = make([]flow.Example[float32], min(n, s.Len()))
	for i := range few {
		if _, err := s.Example(i*s.Len()/len(few), &few[i]); err != nil {
			return nil, err
		}
	}
	return few, nil
}

// count is how many molecules are learned from.
func (r *Run) count() int {
	if r.source != nil {
		return r.source.Len()
	}
	return len(r.Examples)
}

// trainer returns the trainer of what is learned from, wherever that is.
func (r *Run) trainer(s flow.Settings) (*flow.Trainer[float32], error) {
	if r.source != nil {
		return flow.NewTrainerFrom(s, r.Model.Field, r.optimizer(), r.source)
	}
	return flow.NewTrainer(s, r.Model.Field, r.optimizer(), r.Examples)
}
