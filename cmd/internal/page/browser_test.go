package page

import (
	"bytes"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"equifm/cmd/internal/browser"
)

// The page in a real browser, from the disk: molecules are drawn, another is chosen, its
// way from noise goes by; it complains of nothing, asks for nothing, and fits narrow and
// wide windows, light and dark.
func TestPageInBrowser(t *testing.T) {
	browser.Needed(t)
	path := written(t, source(t))
	b := browser.Launch(t)
	tab := b.Tab()
	b.Size(tab, 1280, 860)
	b.Call(tab, "Page.navigate", map[string]any{"url": "file://" + path}, nil)
	b.Until(tab, "document.body?.dataset.state === 'done'", 20*time.Second)
	var page struct {
		Space               bool
		Good, Bad, Charts   int
		Formula, Reason, At string
	}
	const state = `({space: inSpace, good: document.querySelectorAll("#good .thumb").length, bad: document.querySelectorAll("#bad .thumb").length,
		charts: document.querySelectorAll("figure svg path").length, formula: at("formula").textContent, reason: at("reason").textContent, at: at("at").textContent})`
	b.Eval(tab, state, &page)
	if !page.Space || page.Good == 0 || page.Bad == 0 || page.Charts < 20 || page.Formula == "" || page.At != "t = 0.00" {
		t.Errorf("the page has %+v", page)
	}
	settle(b, tab)
	molecule := canvas(t, b, tab)
	b.Eval(tab, `at("time").value = 0, at("time").dispatchEvent(new Event("input"))`, nil)
	settle(b, tab)
	if b.Eval(tab, state, &page); page.At != "t = 1.00" {
		t.Errorf("at noise the page says %q", page.At)
	}
	if slices.Equal(molecule, canvas(t, b, tab)) {
		t.Error("the picture of the molecule is that of the noise")
	}
	b.Eval(tab, `at("play").click()`, nil)
	b.Until(tab, "film.shown === film.frames.length - 1", 20*time.Second)
	b.Eval(tab, `document.querySelector("#bad .thumb").click()`, nil)
	if b.Eval(tab, state, &page); page.Reason == "" {
		t.Errorf("no reason why a molecule is not valid: %+v", page)
	}
	settle(b, tab)
	if slices.Equal(molecule, canvas(t, b, tab)) {
		t.Error("another molecule has the same picture")
	}
	b.Eval(tab, `document.querySelector("#good .thumb").click()`, nil)
	b.EverySize(tab, "report-", `new Promise((done) => setTimeout(() => { viewer.view.resize(); viewer.fit(); requestAnimationFrame(() => requestAnimationFrame(() => done(true))) }, 300))`)
	complaints, requests := b.Said()
	for _, c := range complaints {
		t.Errorf("the browser complains: %s", c)
	}
	for _, r := range requests {
		if r != "file://"+path && !strings.HasPrefix(r, "data:") && !strings.HasPrefix(r, "blob:") {
			t.Errorf("the page asks for %s", r)
		}
	}
}

// settle waits for the screen.
func settle(b *browser.Browser, tab string) {
	b.Eval(tab, "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))", nil)
}

// canvas returns the viewer's picture, which is not to be blank.
func canvas(t *testing.T, b *browser.Browser, tab string) []byte {
	t.Helper()
	picture := b.ShotOf(tab, "#view canvas")
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	colours := map[[3]uint32]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y += 3 {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x += 3 {
			r, g, b, _ := img.At(x, y).RGBA()
			colours[[3]uint32{r >> 12, g >> 12, b >> 12}] = true
		}
	}
	if len(colours) < 8 {
		t.Errorf("the viewer shows %d colours: is it blank?", len(colours))
	}
	return picture
}
