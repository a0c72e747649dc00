package model

import (
	"encoding/json"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/config"
	"equifm/datasets"
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
	if m, err = New(c, datasets.SizeHistogram(set.Molecules[:50])); err != nil {
		t.Fatal(err)
	}
	x, h, err := datasets.Encode[float32](c.Vocabulary(), &set.Molecules[0])
	if err != nil {
		t.Fatal(err)
	}
	tr, err = flow.NewTrainer(c.Settings(1), m.Field, []flow.Example[float32]{{State: flow.State[float32]{X: x, H: h}}}, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	for i := range tr.EMA.Data { // an average that is not the parameters
		tr.EMA.Data[i] += float32(i%7) - 3
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
		if got.Config != want.Config || !slices.Equal(got.Average, tr.EMA.Data) || !slices.Equal(got.Sizes.Counts, want.Sizes.Counts) {
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
		{"version", "2", "version"},
		{"config", "[model]", "configuration in the checkpoint"},
		{"config", large, "800 numbers for a network of 618576077831 parameters"},
		{"vocabulary", "H C", "vocabulary"},
		{"step", "-1", "step"},
		{"sizes", "null", "sizes"},
		{"sizes", "[", "sizes"},
		{"sizes", sizes(datasets.Histogram{Counts: []int{0, 1}, Total: 5}), "a total of 5"},
		{"sizes", sizes(datasets.Histogram{Counts: []int{0, -3, 8}, Total: 5}), "-3 molecules of 1 atoms"},
		{"sizes", sizes(datasets.Histogram{Counts: []int{5}, Total: 5}), "5 molecules of 0 atoms"},
	} {
		meta := maps.Clone(f.Metadata)
		meta[c.key] = c.value
		bad := filepath.Join(t.TempDir(), "bad.safetensors")
		if err := nn.SaveFile(bad, m.Field.Params().Named("ema.", m.Average), meta); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(bad); err == nil || !strings.HasPrefix(err.Error(), bad+": ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s = %.40q: error %v, want %q in it", c.key, c.value, err, c.want)
		}
	}
}

// A norm that is not finite would make every parameter NaN at the next step.
func TestResumeRefusesANormThatIsNone(t *testing.T) {
	path, m, tr := saved(t)
	tr.Clipper.History = []float64{3000, math.NaN()}
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
