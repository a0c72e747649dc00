package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"equifm/cmd/internal/browser"
	"equifm/molecule"
	"equifm/molecule/formats"
)

// The page in a real browser, from a server and from the disk: it draws the molecule that
// the command draws, says the same of it, saves it; it answers while it draws, complains
// of nothing, asks for nothing but its own files, and fits narrow and wide windows.
func TestPageInBrowser(t *testing.T) {
	browser.Needed(t)
	dir := filepath.Join(t.TempDir(), "site")
	var said bytes.Buffer
	if err := run([]string{"-out", dir, "-json"}, &said, io.Discard); err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("%q", filepath.Join(dir, "index.html")); !strings.Contains(said.String(), want) {
		t.Errorf("no %s in %s", want, &said)
	}
	server := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer server.Close()
	want := commanded(t, "-n", "2", "-seed", "3", "-atoms", "18", "-steps", "50")[1]

	t.Run("server", func(t *testing.T) { usePage(t, server.URL+"/", want, againByHand, stops, everySize) })
	t.Run("disk", func(t *testing.T) { usePage(t, "file://"+dir+"/index.html", want) })
}

// usePage opens the page, holds its molecule to the command's, and does more with it.
func usePage(t *testing.T, base string, want record, more ...func(t *testing.T, b *browser.Browser, tab string)) {
	b := browser.Launch(t)
	tab := b.Tab()
	b.Size(tab, 1280, 800)
	b.Call(tab, "Page.navigate", map[string]any{"url": base + "#atoms=18&seed=3&number=2&steps=50"}, nil)
	b.Until(tab, "document.body?.dataset.state === 'drawing' || document.body?.dataset.state === 'done'", time.Minute)
	b.Until(tab, "document.body.dataset.state === 'done'", 20*time.Second) // the bar for a molecule of 18 atoms
	sameAsCommand(t, b, tab, want)
	for _, do := range more {
		do(t, b, tab)
	}

	complaints, requests := b.Said()
	for _, c := range complaints {
		t.Errorf("the browser complains: %s", c)
	}
	folder := strings.TrimSuffix(base, "index.html")
	for _, r := range requests {
		if !strings.HasPrefix(r, folder) && !strings.HasPrefix(r, "data:") && !strings.HasPrefix(r, "blob:") {
			t.Errorf("the page asks for %s", r)
		}
	}
	if len(requests) < 9 {
		t.Errorf("saw %d requests, expected the page's files among them: %q", len(requests), requests)
	}
}

// sameAsCommand holds the molecule on the screen, and the file that is saved, to the
// command's.
func sameAsCommand(t *testing.T, b *browser.Browser, tab string, want record) {
	t.Helper()
	var page struct {
		Stable bool
		SMILES string
		Frames int
	}
	b.Eval(tab, `({stable: !!document.querySelector("#verdict li.good strong") && drawn.judgement.stable, smiles: at("smiles").textContent, frames: film.frames.length})`, &page)
	if stable, _ := want.m.Property("stable"); fmt.Sprint(page.Stable) != stable {
		t.Errorf("the page says stable: %t, the command %s", page.Stable, stable)
	}
	if smiles, _ := want.m.Property("smiles"); page.SMILES != smiles {
		t.Errorf("the page says SMILES %q, the command %q", page.SMILES, smiles)
	}
	if page.Frames != 51 {
		t.Errorf("%d frames of 50 steps, want 51", page.Frames)
	}
	folder := t.TempDir()
	b.Call("", "Browser.setDownloadBehavior", map[string]any{"behavior": "allow", "downloadPath": folder}, nil)
	b.Eval(tab, `at("save").click()`, nil)
	saved := readSDF(t, appears(t, filepath.Join(folder, "qm9-2.sdf")))
	if len(saved) != 1 {
		t.Fatalf("%d molecules saved, want 1", len(saved))
	}
	saved[0].compare(t, want)
}

// againByHand moves the film to noise and back: the picture changes.
func againByHand(t *testing.T, b *browser.Browser, tab string) {
	t.Helper()
	b.Until(tab, "film.shown === 50", 5*time.Second)
	b.Eval(tab, `at("turn").checked && at("turn").click(), at("time").value = 0, at("time").dispatchEvent(new Event("input"))`, nil)
	b.Until(tab, "film.shown === 0", time.Second)
	noise := b.Shot(tab)
	b.Eval(tab, `at("time").value = 50, at("time").dispatchEvent(new Event("input"))`, nil)
	b.Until(tab, "film.shown === 50", time.Second)
	if end := b.Shot(tab); slices.Equal(noise, end) {
		t.Error("the picture of the molecule is that of the noise")
	}
	b.Eval(tab, `at("replay").click()`, nil)
	b.Until(tab, "film.shown < 50", 10*time.Second)
	b.Until(tab, "film.shown === 50", 20*time.Second)
}

// stops asks for the next molecule in many steps, and stops it: the page answered
// though the sampler was busy, and draws again.
func stops(t *testing.T, b *browser.Browser, tab string) {
	t.Helper()
	b.Eval(tab, `at("steps").value = 200, at("atoms").value = 29, at("next").click()`, nil)
	b.Until(tab, "film.frames.length > 3", 20*time.Second)
	var state string
	if b.Eval(tab, "document.body.dataset.state", &state); state != "drawing" {
		t.Errorf("state %q in the middle of a drawing", state)
	}
	b.Eval(tab, `at("stop").click()`, nil)
	b.Until(tab, "document.body.dataset.state === 'ready'", time.Minute)
	b.Eval(tab, `at("steps").value = 20, at("atoms").value = 5, at("draw").click()`, nil)
	b.Until(tab, "document.body.dataset.state === 'done' && drawn.elements.length === 5 && drawn.name === 'qm9-3'", 20*time.Second)
	b.Eval(tab, `at("steps").value = 20, at("formula").value = "C4H8O", at("draw").click()`, nil)
	b.Until(tab, "document.body.dataset.state === 'done' && at('made').textContent === 'C4H8O' && at('atoms').disabled", 20*time.Second)
	b.Eval(tab, `at("formula").value = "", at("steps").value = 50, at("atoms").value = 18, at("number").value = 2, at("draw").click()`, nil)
	b.Until(tab, "document.body.dataset.state === 'done'", 20*time.Second)
}

// everySize looks at the page in wide and narrow windows, light and dark.
func everySize(t *testing.T, b *browser.Browser, tab string) {
	t.Helper()
	b.EverySize(tab, "", `new Promise((done) => setTimeout(() => { viewer.fit(); requestAnimationFrame(() => requestAnimationFrame(() => done(true))) }, 300))`)
}

// appears waits for a file.
func appears(t *testing.T, path string) string {
	t.Helper()
	for range 200 {
		if info, err := os.Stat(path); err == nil && info.Size() > 0 {
			return path
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s: not saved within 10 s", path)
	return ""
}

// record is a molecule of an SDF file.
type record struct {
	m *molecule.Molecule
	g *molecule.Graph
}

// commanded returns the molecules that cmd/sample draws.
func commanded(t *testing.T, flags ...string) []record {
	t.Helper()
	out := filepath.Join(t.TempDir(), "molecules.sdf")
	text, err := exec.Command("go", append([]string{"run", "equifm/cmd/sample", "-out", out}, flags...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return readSDF(t, out)
}

func readSDF(t *testing.T, path string) (all []record) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for r := formats.NewSDFReader(f, path); ; {
		m, g, err := r.ReadGraph()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, record{m, g})
	}
}

// compare holds a molecule to another: all the same, but positions to 1e-3 Å, for the
// browser's sums are in another order.
func (r record) compare(t *testing.T, want record) {
	t.Helper()
	if r.m.Name != want.m.Name || !slices.Equal(r.m.Elements, want.m.Elements) || !slices.Equal(r.g.Bonds, want.g.Bonds) || !slices.Equal(r.m.Properties, want.m.Properties) {
		t.Errorf("the page has %s %v %v %v, the command %s %v %v %v", r.m.Name, r.m.Elements, r.g.Bonds, r.m.Properties, want.m.Name, want.m.Elements, want.g.Bonds, want.m.Properties)
		return
	}
	far := 0.0
	for i, p := range r.m.Pos {
		for c := range p {
			far = max(far, math.Abs(p[c]-want.m.Pos[i][c]))
		}
	}
	t.Logf("positions differ from the command's by at most %.0e Å", far)
	if !(far <= 1e-3) {
		t.Errorf("positions differ from the command's by %.2e Å, want at most 1e-3", far)
	}
}
