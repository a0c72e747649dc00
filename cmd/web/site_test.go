package main

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/cmd/internal/threedmol"
)

// assembled is the page around a program that is none.
func assembled(t *testing.T) site {
	t.Helper()
	s, err := program{wasm: []byte("\x00asm"), support: []byte("class Go {}"), licences: "Go's"}.site()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every file that the page names is there, and it names none that is elsewhere.
func TestPageIsWhole(t *testing.T) {
	s := assembled(t)
	named := regexp.MustCompile(`(?:src|href)="([^"#]+)"`).FindAllSubmatch(s["index.html"], -1)
	if len(named) < 10 {
		t.Errorf("index.html names %d files: are they still attributes?", len(named))
	}
	used := map[string]bool{"index.html": true}
	for _, n := range named {
		name := string(n[1])
		if used[name] = true; s[name] == nil && name != "data:," {
			t.Errorf("index.html names %s, which is not there", name)
		}
	}
	for name, content := range s {
		if !used[name] {
			t.Errorf("%s is used by nothing", name)
		}
		if name != "3Dmol-min.js" && name != "LICENSES.txt" && regexp.MustCompile(`https?://|//cdn`).Match(content) {
			t.Errorf("%s names a place elsewhere", name)
		}
	}
	for _, id := range regexp.MustCompile(`(?:at|getElementById)\("([a-z-]+)"\)`).FindAllSubmatch(bytes.Join([][]byte{s["page.js"], s["verdict.js"]}, nil), -1) {
		if !bytes.Contains(s["index.html"], []byte(`id="`+string(id[1])+`"`)) {
			t.Errorf("a script asks for the element %q, which is not there", id[1])
		}
	}
}

// Every flag is in the help, and its examples are understood; TestPageInBrowser runs one.
func TestHelp(t *testing.T) {
	f := flag.NewFlagSet("web", flag.ContinueOnError)
	define(f)
	for _, problem := range help.Problems(f) {
		t.Error(problem)
	}
	for _, args := range help.Examples() {
		if err := f.Parse(args); err != nil || f.NArg() > 0 {
			t.Errorf("%v: %v", args, err)
		}
	}
}

// What -json prints is documented.
func TestJSON(t *testing.T) {
	text, err := json.Marshal(done{Out: "site"})
	if err != nil {
		t.Fatal(err)
	}
	runtest.Documented(t, string(text))
}

// The worker's text is Go's support and ours, and the program survives its packing.
func TestPacked(t *testing.T) {
	text, found := strings.CutPrefix(string(assembled(t)["packed.js"]), "\"use strict\";\nconst packed = ")
	var got struct{ Worker, Program string }
	if err := json.Unmarshal([]byte(strings.TrimSuffix(text, ";\n")), &got); !found || err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got.Worker, "class Go {}\n") || !strings.Contains(got.Worker, "self.onmessage") {
		t.Errorf("the worker begins %.60q", got.Worker)
	}
	packed, err := base64.StdEncoding.DecodeString(got.Program)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := unzip(packed); string(plain) != "\x00asm" || err != nil {
		t.Errorf("the program unpacks to %q, error %v", plain, err)
	}
}

// 3Dmol.js is the one that is said, to the byte, with its licence beside it.
func TestViewerHasItsLicence(t *testing.T) {
	s := assembled(t)
	if script, err := threedmol.Script(); err != nil || !bytes.Equal(s["3Dmol-min.js"], script) {
		t.Errorf("3Dmol-min.js is not the script, error %v", err)
	}
	for _, want := range []string{"Go's", "3Dmol.js " + threedmol.Version + "\n", "University of Pittsburgh"} {
		if !bytes.Contains(s["LICENSES.txt"], []byte(want)) {
			t.Errorf("LICENSES.txt does not have %q", want)
		}
	}
}

// A folder is made, written again, and left alone where its page is another's.
func TestFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "site")
	for range 2 {
		if err := checkFolder(dir); err != nil {
			t.Fatal(err)
		}
		s := assembled(t)
		size, err := s.write(dir)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for name, want := range s {
			got, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not what it should be, error %v", name, err)
			}
			total += len(got)
		}
		if size != total {
			t.Errorf("says %d bytes, wrote %d", size, total)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("<p>mine</p>"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"-out", dir}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "not a page that this command wrote") {
		t.Errorf("over another's page: error %v", err)
	}
	if err := run([]string{"site"}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), `unexpected argument "site"`) {
		t.Errorf("error %v", err)
	}
}

func unzip(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
