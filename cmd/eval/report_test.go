package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A report changes nothing of what is printed, and has the molecules of all files.
func TestReport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.html")
	t.Chdir("testdata")
	with, without := transcript("some.xyz few.xyz -train train.xyz -report "+path), transcript("some.xyz few.xyz -train train.xyz")
	if _, got, _ := strings.Cut(with, "\n"); !strings.HasSuffix(without, got) {
		t.Errorf("with a report eval prints\n%s", with)
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	numbers, err := os.ReadFile(strings.TrimSuffix(path, "html") + "csv")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<h1>some.xyz, few.xyz</h1>", "Signs of failure", "as a file has them", "const sample = {\"bad\":["} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	if !strings.Contains(string(numbers), "molecule_stability,sample,") || !strings.Contains(string(numbers), "molecule_stability,data,") {
		t.Errorf("report.csv is\n%.300s", numbers)
	}
	if got := transcript("some.xyz -report a.pdf"); !strings.Contains(got, "-report a.pdf: expected") {
		t.Error(got)
	}
}
