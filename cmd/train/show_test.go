package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
)

// A run leaves its report, with its losses, the same for any number of workers.
func TestRunLeavesItsReport(t *testing.T) {
	dir := t.TempDir()
	config := runtest.Small(t, dir, 4)
	var pages, numbers [2][]byte
	for k := range pages {
		out := filepath.Join(dir, "run"+strings.Repeat("s", k))
		screen := start(t, "-config", config, "-out", out, "-workers", []string{"1", "2"}[k])
		if !strings.Contains(screen, "to look at: "+filepath.Join(out, "report.html")) {
			t.Errorf("the screen does not say where the report is:\n%s", screen)
		}
		var err error
		if pages[k], err = os.ReadFile(filepath.Join(out, "report.html")); err != nil {
			t.Fatal(err)
		}
		if numbers[k], err = os.ReadFile(filepath.Join(out, "report.csv")); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(pages[0], pages[1]) || !bytes.Equal(numbers[0], numbers[1]) {
		t.Error("two workers write another report than one")
	}
	for _, want := range []string{"step 4 of 4, seed 1", "Molecule stability", "euler, 4 steps", "Evaluations of dopri5"} {
		if !bytes.Contains(pages[0], []byte(want)) {
			t.Errorf("the report lacks %q", want)
		}
	}
	for _, want := range []string{"\nTraining loss,loss,2,", "\nTraining loss,loss,4,", "\n\"metrics, %\",molecule_stability,data,", "\n1-Wasserstein distance,"} {
		if !bytes.Contains(numbers[0], []byte(want)) {
			t.Errorf("report.csv lacks %q", want)
		}
	}
}
