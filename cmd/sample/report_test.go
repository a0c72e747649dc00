package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/datasets"
	"equifm/molecule/formats"
)

// A report changes no molecule, says where they are from, and of those that were chosen
// shows the ones that were.
func TestReport(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "few.xyz")
	f, err := os.Create(data)
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		if err := formats.NewXYZWriter(f).Write(&set.Molecules[i]); err != nil {
			t.Fatal(err)
		}
	}
	f.Close()
	m := untrainedOn(t, fmt.Sprintf("[data]\nsource = %q\n", data))
	if err := os.WriteFile(filepath.Join(m, "log.jsonl"), []byte(`{"step":1,"loss":3}`), 0o666); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "report.html")
	args := []string{"-model", m, "-n", "9", "-seed", "4"}
	if sample(t, append(args, "-report", path)...) != sample(t, args...) {
		t.Error("with a report other molecules are drawn")
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"step 0 of", "euler, 3 steps, uniform grid, seed 4", "3 evaluations of the network", "27 molecules of few.xyz", "<h2>The field by t</h2>", `"films":[[{"e"`} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if strings.Contains(string(page), "<h2>Training</h2>") {
		t.Error("a step behind the checkpoint's is shown")
	}
	if _, err := os.Stat(filepath.Join(dir, "report.csv")); err != nil {
		t.Error(err)
	}
}
