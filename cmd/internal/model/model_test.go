package model

import (
	"encoding/json"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/files"
	"equifm/datasets"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/nn"
)

// saved writes the checkpoint of an untrained network and returns its model and trainer.
func saved(t *testing.T) (path string, m *Model, tr *flow.Trainer[float32]) {
	t.Helper()
	c, err := config.Parse("[network]\nhidden = 8\nlayers = 1\n", "small")
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if m, err = New(c, datasets.SizeHistogram(set.Molecules[:50]), flow.Moments{Data: 1.7, Noise: 0.9}); err != nil {
		t.Fatal(err)
	}
	x, h, err := datasets.Encode[float32](c.Vocabulary(), &set.Molecules[0])
	if err != nil {
		t.Fatal(err)
	}
	tr, err = flow.NewTrainer(c.Settings(m.Moments, 1), m.Field, nn.NewAdamW(m.Field.Params()), []flow.Example[float32]{{State: flow.State[float32]{X: x, H: h}}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range tr.Average.Data { // an average that is not the parameters
		tr.Average.Data[i] += float32(i%7) - 3
	}
	path = filepath.Join(t.TempDir(), Checkpoint)
	if err := Save(path, m, tr); err != nil {
		t.Fatal(err)
	}
	return path, m, tr
}

func TestLoadInvertsSave(t *testing.T) {
	path, want, tr := saved(t)
	for _, name := range []string{path, filepath.Dir(path)} {
		got, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if got.Config != want.Config || !slices.Equal(got.Average, tr.Average.Data) || !slices.Equal(got.Sizes.Counts, want.Sizes.Counts) {
			t.Errorf("%s: the model read differs from the one saved", name)
		}
	}
}

// A checkpoint whose metadata is damaged, or made to do harm, is an error that
// names the file: no panic, and no memory for a network that is not there.
func TestDamagedMetadataIsAnError(t *testing.T) {
	path, m, _ := saved(t)
	f, err := nn.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sizes := func(h datasets.Histogram) string {
		b, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	large := strings.NewReplacer("hidden = 8", "hidden = 8192", "layers = 1\n", "layers = 1024\n").Replace(f.Metadata["config"])
	for _, c := range []struct{ key, value, want string }{
		{"format", "", "metadata says format"},
		{"version", "3", "written by a newer program: version 3, this one reads up to 2"},
		{"moments", `{"data":-1}`, "moments"},
		{"moments", `{"data":1,"noise":1,"both":2}`, "moments"},
		{"config", "[model]", "configuration in the checkpoint"},
		{"config", large, "800 numbers for a network of 618576077831 parameters"},
		{"vocabulary", "H C", "vocabulary"},
		{"step", "-1", "step"},
		{"sizes", "null", "sizes"},
		{"losses", "[1,", "losses"},
		{"sizes", "[", "sizes"},
		{"sizes", sizes(datasets.Histogram{Counts: []int{0, 1}, Total: 5}), "a total of 5"},
		{"sizes", sizes(datasets.Histogram{Counts: []int{0, -3, 8}, Total: 5}), "-3 molecules of 1 atoms"},
		{"sizes", sizes(datasets.Histogram{Counts: []int{5}, Total: 5}), "5 molecules of 0 atoms"},
	} {
		meta := maps.Clone(f.Metadata)
		meta[c.key] = c.value
		bad := filepath.Join(t.TempDir(), "bad.safetensors")
		if err := files.Replace(bad, func(w io.Writer) error {
			return nn.Write(w, m.Field.Params().Named("ema.", m.Average), meta)
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(bad); err == nil || !strings.HasPrefix(err.Error(), bad+": ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s = %.40q: error %v, want %q in it", c.key, c.value, err, c.want)
		}
	}
}

// The checkpoint of format version 1 in testdata loads for ever: its renamed key
// is read, what it does not have is as published, and it samples.
func TestVersion1Loads(t *testing.T) {
	m, err := Load("../../../testdata/checkpoints/version1.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	c := m.Config
	if c.Loss.Angle != 0.5 || c.Loss.Features != 1 || c.Loss.Pair != 0 || c.Output.X != "velocity" || c.Output.H != "velocity" ||
		c.Train.Optimizer != "adamw" || c.Train.Time != "uniform" || c.Network.Edge != 0 || c.Network.CoordsRange != 15 || m.Step != 20 {
		t.Errorf("step %d, %+v", m.Step, c)
	}
	molecules, _, err := m.Generate(3, 1, 2)
	if err != nil || len(molecules) != 3 {
		t.Errorf("%d molecules, error %v", len(molecules), err)
	}
	again, err := New(c, m.Sizes, m.Moments)
	if err != nil {
		t.Fatal(err)
	}
	example := flow.Example[float32]{State: flow.State[float32]{X: make([]float32, 6), H: make([]float32, 12)}}
	tr, err := flow.NewTrainer(c.Settings(m.Moments, 1), again.Field, nn.NewAdamW(again.Field.Params()), []flow.Example[float32]{example})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Resume("../../../testdata/checkpoints/version1.safetensors", again, tr); err != nil || tr.Steps != 20 {
		t.Errorf("resumed at step %d, error %v", tr.Steps, err)
	}
	if r, err := tr.Step(); err != nil || r.Step != 21 {
		t.Errorf("step %d after resuming, error %v", r.Step, err)
	}
}

// A norm that is none would spoil every later step.
func TestResumeRefusesANormThatIsNone(t *testing.T) {
	path, m, tr := saved(t)
	tr.Clipper.History = []float64{3000, -1}
	if err := Save(path, m, tr); err != nil {
		t.Fatal(err)
	}
	if _, err := Resume(path, m, tr); err == nil || !strings.Contains(err.Error(), "clip.history") {
		t.Errorf("error %v", err)
	}
	tr.Clipper.History = tr.Clipper.History[:1]
	if err := Save(path, m, tr); err != nil {
		t.Fatal(err)
	}
	if _, err := Resume(path, m, tr); err != nil {
		t.Error(err)
	}
}
