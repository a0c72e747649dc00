package usage

import (
	"bytes"
	"flag"
	"slices"
	"strings"
	"testing"
)

func TestPage(t *testing.T) {
	f := flag.NewFlagSet("draw", flag.ContinueOnError)
	f.Int("n", 16, "molecules")
	f.String("out", "", "`file` to write, "+strings.Repeat("long ", 30))
	p := Page{Command: "draw", What: "Draw draws.", Args: "FILE...", Groups: []Group{{Title: "How many", Flags: []string{"n"}, Examples: []string{"-n 3 a.xyz  # three"}}, {Title: "Where", Flags: []string{"out"}, Examples: []string{"-out b.xyz a.xyz"}}}}
	var b bytes.Buffer
	p.On(f, &b)
	if err := f.Parse([]string{"-h"}); err != flag.ErrHelp {
		t.Error(err)
	}
	for _, want := range []string{"usage: go run ./cmd/draw [flags] FILE...\n", "\nHow many\n  -n int\n        molecules (default 16)\n    go run ./cmd/draw -n 3 a.xyz  # three\n", "  -out file\n        file to write, long"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, &b)
		}
	}
	for line := range strings.Lines(b.String()) {
		if len(line) > width+1 {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
	if got := p.Examples(); len(got) != 2 || !slices.Equal(got[0], []string{"-n", "3", "a.xyz"}) || p.Problems(f) != nil {
		t.Errorf("%q, %q", got, p.Problems(f))
	}
	p.Groups[1] = Group{Title: "Where", Flags: []string{"n", "in"}, Examples: nil}
	want := []string{"Where: no flag -in", "Where: no example of its flags", "-n is in 2 groups, expected 1", "-out is in 0 groups, expected 1"}
	if got := p.Problems(f); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
