package checkpoint

import (
	"io"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/autograd"
	"equifm/cmd/internal/files"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/nn"
	"equifm/nn/safetensors"
)

// begun returns a training of m that has taken no step.
func begun(t *testing.T, m *trained.Model, e flow.Example[float32]) *State {
	t.Helper()
	tr, err := flow.NewTrainer(m.Config.Settings(m.Moments, 1), m.Field, nn.NewAdamW(m.Field.Params()), []flow.Example[float32]{e})
	if err != nil {
		t.Fatal(err)
	}
	return &State{Model: m, Trainer: tr}
}

// saved writes the checkpoint of an untrained network and returns its state.
func saved(t *testing.T) (path string, s *State) {
	t.Helper()
	c, err := config.Parse("[network]\nhidden = 8\nlayers = 1\n", "small")
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	m, err := trained.New(c, datasets.SizeHistogram(set.Molecules[:50]), flow.Moments{Data: 1.7, Noise: 0.9})
	if err != nil {
		t.Fatal(err)
	}
	x, h, err := datasets.Encode[float32](c.Vocabulary(), &set.Molecules[0])
	if err != nil {
		t.Fatal(err)
	}
	s = begun(t, m, flow.Example[float32]{State: flow.State[float32]{X: x, H: h}})
	for i := range s.Trainer.Average.Data { // an average that is not the parameters
		s.Trainer.Average.Data[i] += float32(i%7) - 3
	}
	path = filepath.Join(t.TempDir(), trained.Checkpoint)
	if err := Save(path, s); err != nil {
		t.Fatal(err)
	}
	return path, s
}

// What Save writes, Open reads as a model, and Resume as a training.
func TestSaveIsInverted(t *testing.T) {
	path, want := saved(t)
	for _, name := range []string{path, filepath.Dir(path)} {
		m, err := trained.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if m.Config != want.Model.Config || !slices.Equal(m.Average, want.Trainer.Average.Data) || !slices.Equal(m.Sizes.Counts, want.Model.Sizes.Counts) {
			t.Errorf("%s: the model read differs from the one saved", name)
		}
		other := want.Model.Config
		other.Seed++
		if m, err = trained.New(other, m.Sizes, m.Moments); err != nil {
			t.Fatal(err)
		}
		got := begun(t, m, flow.Example[float32]{State: flow.State[float32]{X: make([]float32, 6), H: make([]float32, 12)}})
		was, err := Resume(name, got)
		if err != nil || was.Config != want.Model.Config || !slices.Equal(m.Field.Params().Data, want.Model.Field.Params().Data) ||
			!slices.Equal(got.Trainer.Average.Data, want.Trainer.Average.Data) {
			t.Errorf("%s: the training resumed differs from the one saved, error %v", name, err)
		}
	}
}

// The checkpoint of format version 1 in testdata is resumed for ever.
func TestVersion1Resumes(t *testing.T) {
	const path = "../../../testdata/checkpoints/version1.safetensors"
	m, err := trained.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	s := begun(t, m, flow.Example[float32]{State: flow.State[float32]{X: make([]float32, 6), H: make([]float32, 12)}})
	if _, err := Resume(path, s); err != nil || s.Trainer.Steps != 20 {
		t.Errorf("resumed at step %d, error %v", s.Trainer.Steps, err)
	}
	if r, err := s.Trainer.Step(); err != nil || r.Step != 21 {
		t.Errorf("step %d after resuming, error %v", r.Step, err)
	}
}

// A norm that is none would spoil every later step.
func TestResumeRefusesANormThatIsNone(t *testing.T) {
	path, s := saved(t)
	s.Trainer.Clipper.History = []float64{3000, -1}
	if err := Save(path, s); err != nil {
		t.Fatal(err)
	}
	if _, err := Resume(path, s); err == nil || !strings.Contains(err.Error(), "clip.history") {
		t.Errorf("error %v", err)
	}
	s.Trainer.Clipper.History = s.Trainer.Clipper.History[:1]
	if err := Save(path, s); err != nil {
		t.Fatal(err)
	}
	if _, err := Resume(path, s); err != nil {
		t.Error(err)
	}
}

func TestResumeRefusesLossesThatAreNone(t *testing.T) {
	path, s := saved(t)
	f, err := safetensors.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	meta := maps.Clone(f.Metadata)
	meta["losses"] = "[1,"
	bad := filepath.Join(t.TempDir(), "bad.safetensors")
	if err := files.Replace(bad, func(w io.Writer) error {
		return safetensors.Write(w, s.Model.Field.Params().Named("ema.", s.Trainer.Average.Data), meta)
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := Resume(bad, s); err == nil || !strings.HasPrefix(err.Error(), bad+": ") || !strings.Contains(err.Error(), "losses") {
		t.Errorf("error %v", err)
	}
}

// A training whose network is told what is given starts at a model's weights that is not,
// and back, and answers as the other does where nothing is given.
func TestStartWithGiven(t *testing.T) {
	path, plain := saved(t)
	c := plain.Model.Config
	c.Train.GivenTypes, c.Train.Groups = 0.5, 2 // and another division of labour
	m, err := trained.New(c, plain.Model.Sizes, plain.Model.Moments)
	if err != nil {
		t.Fatal(err)
	}
	e := flow.Example[float32]{State: flow.State[float32]{X: []float32{0.6, 0, 0.1, -0.6, 0, -0.1}, H: make([]float32, 12)}, Context: make([]float32, 2)}
	told := begun(t, m, e)
	taken, err := Start(path, told)
	if err != nil || !taken.Told {
		t.Fatalf("told: %t, error %v", taken.Told, err)
	}
	path = filepath.Join(t.TempDir(), trained.Checkpoint)
	if err := Save(path, told); err != nil {
		t.Fatal(err)
	}
	e.Context = nil
	if m, err = trained.New(plain.Model.Config, m.Sizes, m.Moments); err != nil {
		t.Fatal(err)
	}
	back := begun(t, m, e)
	if taken, err := Start(path, back); err != nil || taken.Told {
		t.Fatalf("told: %t, error %v", taken.Told, err)
	}
	if !slices.Equal(back.Model.Field.Params().Data, plain.Trainer.Average.Data) {
		t.Error("there and back the weights are not those of the start")
	}
	answer := func(s *State, cond []float32) []float32 {
		tape, p := autograd.NewTape[float32](), s.Model.Field.Params()
		qx, qh, err := s.Model.Field.Forward(tape, p.Freeze(p.Data), []int{2}, tape.Const(2, 3, e.X), tape.Const(2, 6, e.H), tape.Const(2, len(cond)/2, cond))
		if err != nil {
			t.Fatal(err)
		}
		return slices.Concat(qx.Data, qh.Data)
	}
	for i, v := range answer(told, []float32{0.3, 0, 0, 0.3, 0, 0}) {
		if want := answer(back, []float32{0.3, 0.3})[i]; math.Abs(float64(v-want)) > 1e-5*(1+math.Abs(float64(want))) {
			t.Errorf("answer %d is %v, not %v", i, v, want)
		}
	}
}
