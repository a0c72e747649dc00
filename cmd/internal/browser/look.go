package browser

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Size gives a page a window of so many pixels.
func (b *Browser) Size(tab string, width, height int) {
	b.t.Helper()
	b.Call(tab, "Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}, nil)
}

// Shot returns a picture of the whole page, PNG.
func (b *Browser) Shot(tab string) []byte {
	b.t.Helper()
	return b.shot(tab, "document.documentElement")
}

// ShotOf returns a picture of the first element that a selector of CSS names.
func (b *Browser) ShotOf(tab, selector string) []byte {
	b.t.Helper()
	return b.shot(tab, fmt.Sprintf("document.querySelector(%q)", selector))
}

func (b *Browser) shot(tab, element string) []byte {
	b.t.Helper()
	clip := struct {
		X      float64 `json:"x"`
		Y      float64 `json:"y"`
		Width  float64 `json:"width"`
		Height float64 `json:"height"`
		Scale  float64 `json:"scale"`
	}{}
	b.Eval(tab, `(() => { const r = `+element+`.getBoundingClientRect(); return {x: r.x + scrollX, y: r.y + scrollY, width: r.width, height: r.height, scale: 1} })()`, &clip)
	var out struct{ Data string }
	b.Call(tab, "Page.captureScreenshot", map[string]any{"captureBeyondViewport": true, "clip": clip}, &out)
	png, err := base64.StdEncoding.DecodeString(out.Data)
	if err != nil {
		b.t.Fatal(err)
	}
	return png
}

// EverySize looks at a page in wide and narrow windows, light and dark, each time after
// an expression has settled it: nothing sticks out, light is not dark, and a picture is
// taken if a folder for it was given, under a name that begins so.
func (b *Browser) EverySize(tab, name, settle string) {
	b.t.Helper()
	var sights [][]byte
	for _, width := range []int{1280, 420} {
		for _, scheme := range []string{"light", "dark"} {
			b.Size(tab, width, 860)
			b.Call(tab, "Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}}, nil)
			b.Eval(tab, settle, nil)
			var over int
			if b.Eval(tab, "document.documentElement.scrollWidth - innerWidth", &over); over > 0 {
				b.t.Errorf("%d pixels stick out at a width of %d", over, width)
			}
			sights = append(sights, b.Shot(tab))
			if *shots != "" {
				if err := os.WriteFile(filepath.Join(*shots, fmt.Sprintf("%s%d-%s.png", name, width, scheme)), sights[len(sights)-1], 0o666); err != nil {
					b.t.Fatal(err)
				}
			}
		}
	}
	if slices.Equal(sights[0], sights[1]) || slices.Equal(sights[2], sights[3]) {
		b.t.Error("light and dark look the same")
	}
}
