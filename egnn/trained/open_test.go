package trained

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/datasets"
	"equifm/egnn/trained/config"
	"equifm/flow"
	"equifm/nn/safetensors"
)

const version1 = "../../testdata/checkpoints/version1.safetensors"

// small returns a model that has learned nothing, its average not its parameters.
func small(t *testing.T) *Model {
	t.Helper()
	c, err := config.Parse("[network]\nhidden = 8\nlayers = 1\n[sample]\nsolver = \"euler\"\nsteps = 3\n", "small")
	if err != nil {
		t.Fatal(err)
	}
	sizes := datasets.Histogram{Counts: []int{0, 0, 0, 3, 0, 5}, Total: 8}
	m, err := New(c, sizes, flow.Moments{Data: 1.7, Noise: 0.9})
	if err != nil {
		t.Fatal(err)
	}
	m.Step, m.CPU, m.Average = 7, 1.5, slices.Clone(m.Average)
	for i := range m.Average {
		m.Average[i] += float32(i%7) / 50
	}
	return m
}

func TestOpenInvertsWrite(t *testing.T) {
	want, dir := small(t), t.TempDir()
	path := filepath.Join(dir, Checkpoint)
	write(t, path, func(w io.Writer) error { return want.Write(w, safetensors.F32) })
	for _, name := range []string{path, dir} {
		got, err := Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if got.Config != want.Config || !slices.Equal(got.Average, want.Average) || !slices.Equal(got.Sizes.Counts, want.Sizes.Counts) ||
			got.Moments != want.Moments || got.Step != 7 || got.CPU != 1.5 || got.String() != want.String() {
			t.Errorf("%s: read %v, written %v", name, got, want)
		}
	}
}

// A built-in model is opened by its name; a name that nothing has is an error
// that says what would be expected.
func TestBuiltIn(t *testing.T) {
	_, err := Open("qm8")
	if want := `no model is named "qm8", nor a file; expected a checkpoint, the folder of a run, or a built-in model, one of qm9, qm9-told`; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	var b bytes.Buffer
	if err := small(t).Write(&b, safetensors.BF16); err != nil {
		t.Fatal(err)
	}
	builtIn["tiny"] = b.String()
	defer delete(builtIn, "tiny")
	if m, err := Open("tiny"); err != nil || m.Step != 7 {
		t.Errorf("%v, error %v", m, err)
	}
	if _, err := Open("qm8"); err == nil || !strings.HasSuffix(err.Error(), "or a built-in model, one of qm9, qm9-told, tiny") {
		t.Errorf("error %v", err)
	}
	for _, name := range []string{t.TempDir(), "", filepath.Join(t.TempDir(), "none.safetensors"), "open_test.go"} {
		if _, err := Open(name); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%q: error %v", name, err)
		}
	}
}

// A checkpoint whose metadata is damaged, or made to do harm, is an error that
// names the file: no panic, and no memory for a network that is not there.
func TestDamagedMetadataIsAnError(t *testing.T) {
	m := small(t)
	good, err := m.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	sizes := func(h datasets.Histogram) string {
		b, err := json.Marshal(h)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	large := strings.NewReplacer("hidden = 8", "hidden = 8192", "layers = 1\n", "layers = 1024\n").Replace(good["config"])
	for _, c := range []struct{ key, value, want string }{
		{"format", "", "metadata says format"},
		{"version", "3", "written by a newer program: version 3, this one reads up to 2"},
		{"moments", `{"data":-1}`, "moments"},
		{"moments", `{"data":1,"noise":1,"both":2}`, "moments"},
		{"config", "[model]", "configuration in the checkpoint"},
		{"config", large, "800 numbers for a network of 618576077831 parameters"},
		{"vocabulary", "H C", "vocabulary"},
		{"step", "-1", "step"},
		{"cpu_seconds", "NaN", "cpu_seconds"},
		{"sizes", "null", "sizes"},
		{"sizes", "[", "sizes"},
		{"sizes", sizes(datasets.Histogram{Counts: []int{0, 1}, Total: 5}), "a total of 5"},
		{"sizes", sizes(datasets.Histogram{Counts: []int{0, -3, 8}, Total: 5}), "-3 molecules of 1 atoms"},
		{"sizes", sizes(datasets.Histogram{Counts: []int{5}, Total: 5}), "5 molecules of 0 atoms"},
	} {
		meta := maps.Clone(good)
		meta[c.key] = c.value
		var b bytes.Buffer
		if err := safetensors.Write(&b, m.Field.Params().Named("ema.", m.Average), meta); err != nil {
			t.Fatal(err)
		}
		bad := filepath.Join(t.TempDir(), "bad.safetensors")
		if err := os.WriteFile(bad, b.Bytes(), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(bad); err == nil || !strings.HasPrefix(err.Error(), bad+": ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s = %.40q: error %v, want %q in it", c.key, c.value, err, c.want)
		}
	}
}

// The checkpoint of format version 1 in testdata loads for ever: its renamed key
// is read, and what it does not have is as published.
func TestVersion1Loads(t *testing.T) {
	m, err := Open(version1)
	if err != nil {
		t.Fatal(err)
	}
	c := m.Config
	if c.Loss.Angle != 0.5 || c.Loss.Features != 1 || c.Loss.Pair != 0 || c.Output.X != flow.CoordinateVelocity || c.Output.H != flow.FeatureVelocity ||
		c.Train.Optimizer != config.AdamW || c.Train.Time != flow.Uniform || c.Network.Edge != 0 || c.Network.CoordsRange != 15 || m.Step != 20 {
		t.Errorf("step %d, %+v", m.Step, c)
	}
}
