package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"flag"
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
	"sync"
	"testing"
	"time"

	"equifm/molecule"
	"equifm/molecule/formats"
)

// With a browser the page is built and used as a person would. It takes a minute, most
// of it the compiler's, and so is not part of what runs without flags.
var (
	chromium = flag.String("browser", "", "Chromium to try the page in")
	shots    = flag.String("shots", "", "folder for pictures of the page")
	patience = flag.Int("patience", 1, "factor on limits of time, for a machine that is busy with something else")
)

// heard is what a browser said that it should not have, and what it asked for.
type heard struct {
	sync.Mutex
	complaints []string
	requests   []string
}

func (h *heard) on(m message) {
	h.Lock()
	defer h.Unlock()
	switch m.Method {
	case "Runtime.exceptionThrown":
		h.complaints = append(h.complaints, string(m.Params))
	case "Runtime.consoleAPICalled":
		var p struct{ Type string }
		if json.Unmarshal(m.Params, &p) != nil || p.Type != "log" && p.Type != "debug" && p.Type != "info" {
			h.complaints = append(h.complaints, string(m.Params))
		}
	case "Log.entryAdded":
		var p struct{ Entry struct{ Level string } }
		if json.Unmarshal(m.Params, &p) != nil || p.Entry.Level == "error" {
			h.complaints = append(h.complaints, string(m.Params))
		}
	case "Network.requestWillBeSent":
		var p struct{ Request struct{ URL string } }
		if json.Unmarshal(m.Params, &p) == nil {
			h.requests = append(h.requests, p.Request.URL)
		}
	}
}

// The page in a real browser, from a server and from the disk: it draws the molecule that
// the command draws, says the same of it, saves it; it answers while it draws, complains
// of nothing, asks for nothing but its own files, and fits narrow and wide windows.
func TestPageInBrowser(t *testing.T) {
	if *chromium == "" {
		t.Skip("no -browser given")
	}
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
func usePage(t *testing.T, base string, want record, more ...func(t *testing.T, b *browser, tab string)) {
	h := &heard{}
	b := launch(t, *chromium, h.on)
	tab := b.tab()
	b.call(tab, "Emulation.setDeviceMetricsOverride", metrics(1280, 800), nil)
	b.call(tab, "Page.navigate", map[string]any{"url": base + "#atoms=18&seed=3&number=2&steps=50"}, nil)
	b.until(tab, "document.body?.dataset.state === 'drawing' || document.body?.dataset.state === 'done'", time.Minute)
	b.until(tab, "document.body.dataset.state === 'done'", 20*time.Second) // the bar for a molecule of 18 atoms
	sameAsCommand(t, b, tab, want)
	for _, do := range more {
		do(t, b, tab)
	}

	h.Lock()
	defer h.Unlock()
	for _, c := range h.complaints {
		t.Errorf("the browser complains: %s", c)
	}
	folder := strings.TrimSuffix(base, "index.html")
	for _, r := range h.requests {
		if !strings.HasPrefix(r, folder) && !strings.HasPrefix(r, "data:") && !strings.HasPrefix(r, "blob:") {
			t.Errorf("the page asks for %s", r)
		}
	}
	if len(h.requests) < 9 {
		t.Errorf("saw %d requests, expected the page's files among them: %q", len(h.requests), h.requests)
	}
}

// sameAsCommand holds the molecule on the screen, and the file that is saved, to the
// command's.
func sameAsCommand(t *testing.T, b *browser, tab string, want record) {
	t.Helper()
	var page struct {
		Stable bool
		SMILES string
		Frames int
	}
	b.eval(tab, `({stable: !!document.querySelector("#verdict li.good strong") && drawn.judgement.stable, smiles: at("smiles").textContent, frames: film.frames.length})`, &page)
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
	b.call("", "Browser.setDownloadBehavior", map[string]any{"behavior": "allow", "downloadPath": folder}, nil)
	b.eval(tab, `at("save").click()`, nil)
	saved := readSDF(t, appears(t, filepath.Join(folder, "qm9-2.sdf")))
	if len(saved) != 1 {
		t.Fatalf("%d molecules saved, want 1", len(saved))
	}
	saved[0].compare(t, want)
}

// againByHand moves the film to noise and back: the picture changes.
func againByHand(t *testing.T, b *browser, tab string) {
	t.Helper()
	b.until(tab, "film.shown === 50", 5*time.Second)
	b.eval(tab, `at("turn").checked && at("turn").click(), at("time").value = 0, at("time").dispatchEvent(new Event("input"))`, nil)
	b.until(tab, "film.shown === 0", time.Second)
	noise := shot(t, b, tab)
	b.eval(tab, `at("time").value = 50, at("time").dispatchEvent(new Event("input"))`, nil)
	b.until(tab, "film.shown === 50", time.Second)
	if end := shot(t, b, tab); slices.Equal(noise, end) {
		t.Error("the picture of the molecule is that of the noise")
	}
	b.eval(tab, `at("replay").click()`, nil)
	b.until(tab, "film.shown < 50", 10*time.Second)
	b.until(tab, "film.shown === 50", 20*time.Second)
}

// stops asks for the next molecule in many steps, and stops it: the page answered
// though the sampler was busy, and draws again.
func stops(t *testing.T, b *browser, tab string) {
	t.Helper()
	b.eval(tab, `at("steps").value = 200, at("atoms").value = 29, at("next").click()`, nil)
	b.until(tab, "film.frames.length > 3", 20*time.Second)
	var state string
	if b.eval(tab, "document.body.dataset.state", &state); state != "drawing" {
		t.Errorf("state %q in the middle of a drawing", state)
	}
	b.eval(tab, `at("stop").click()`, nil)
	b.until(tab, "document.body.dataset.state === 'ready'", time.Minute)
	b.eval(tab, `at("steps").value = 20, at("atoms").value = 5, at("draw").click()`, nil)
	b.until(tab, "document.body.dataset.state === 'done' && drawn.elements.length === 5 && drawn.name === 'qm9-3'", 20*time.Second)
	b.eval(tab, `at("steps").value = 50, at("atoms").value = 18, at("number").value = 2, at("draw").click()`, nil)
	b.until(tab, "document.body.dataset.state === 'done'", 20*time.Second)
}

// everySize looks at the page in wide and narrow windows, light and dark: nothing
// sticks out, and a picture is taken if a folder for it was given.
func everySize(t *testing.T, b *browser, tab string) {
	t.Helper()
	var sights [][]byte
	for _, width := range []int{1280, 420} {
		for _, scheme := range []string{"light", "dark"} {
			b.call(tab, "Emulation.setDeviceMetricsOverride", metrics(width, 860), nil)
			b.call(tab, "Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}}, nil)
			b.eval(tab, `new Promise((done) => setTimeout(() => { viewer.fit(); requestAnimationFrame(() => requestAnimationFrame(() => done(true))) }, 300))`, nil)
			var over int
			if b.eval(tab, "document.documentElement.scrollWidth - innerWidth", &over); over > 0 {
				t.Errorf("%d pixels stick out at a width of %d", over, width)
			}
			sights = append(sights, shot(t, b, tab))
			if *shots != "" {
				if err := os.WriteFile(filepath.Join(*shots, fmt.Sprintf("%d-%s.png", width, scheme)), sights[len(sights)-1], 0o666); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if slices.Equal(sights[0], sights[1]) || slices.Equal(sights[2], sights[3]) {
		t.Error("light and dark look the same")
	}
}

func metrics(width, height int) map[string]any {
	return map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}
}

// shot returns a picture of the page, PNG.
func shot(t *testing.T, b *browser, tab string) []byte {
	t.Helper()
	var out struct{ Data string }
	b.call(tab, "Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, &out)
	png, err := base64.StdEncoding.DecodeString(out.Data)
	if err != nil {
		t.Fatal(err)
	}
	return png
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
