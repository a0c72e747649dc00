package run

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained"
)

// The diffusion models that the flow is held against are trained, saved, resumed to the
// same bits and sampled from as it is.
func TestRivalsRun(t *testing.T) {
	for name, sections := range map[string]string{
		"edm": `[path]
x = "edm"
h = "edm"
[output]
x = "noise"
h = "noise"
[loss]
angle = 0.0
[eot]
mode = "none"
[sample]
solver = "ancestral"
`,
		"ve": `[path]
x = "ve(20)"
h = "ve(20)"
[output]
x = "preconditioned"
h = "preconditioned"
[loss]
angle = 0.0
[eot]
mode = "none"
[sample]
solver = "karras"
grid = "karras"
`} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			rival := func(steps int) string {
				path := runtest.Small(t, dir, steps)
				text, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				changed := strings.Replace(string(text), "[sample]\nnumber = 5\nsolver = \"euler\"\n", sections+"number = 5\n", 1)
				if name == "ve" {
					changed = strings.Replace(changed, "[train]\n", "[train]\ntime = \"log-normal\"\n", 1)
				}
				if err := os.WriteFile(path, []byte(changed), 0o666); err != nil {
					t.Fatal(err)
				}
				return path
			}
			straight, broken := filepath.Join(dir, "straight"), filepath.Join(dir, "broken")
			start(t, Request{Config: rival(9), Out: straight}, 1)
			start(t, Request{Config: rival(4), Out: broken}, 3)
			start(t, Request{Config: rival(9), Out: broken, Resume: true}, 2)
			if !bytes.Equal(runtest.Numbers(t, straight), runtest.Numbers(t, broken)) {
				t.Error("the checkpoints differ")
			}
			m, err := trained.Open(straight)
			if err != nil {
				t.Fatal(err)
			}
			if measured := m.Moments.Data > 0 && m.Moments.Features > 0; measured != (name == "ve") {
				t.Errorf("moments %+v", m.Moments)
			}
			samplesAreTheCheckpoints(t, straight)
		})
	}
}
