package browser

import (
	"encoding/json"
	"flag"
	"slices"
	"sync"
	"testing"
)

// A browser takes seconds and more, and so is not part of what runs without flags.
var (
	chromium = flag.String("browser", "", "Chromium to try the page in")
	shots    = flag.String("shots", "", "folder for pictures of the page")
	patience = flag.Int("patience", 1, "factor on limits of time, for a machine that is busy with something else")
)

// Needed skips a test where no browser was given.
func Needed(t *testing.T) {
	t.Helper()
	if *chromium == "" || testing.Short() {
		t.Skip("no -browser given, or -short")
	}
}

// Heard is what a browser said that it should not have, and what it asked for.
type Heard struct {
	mu         sync.Mutex
	complaints []string
	requests   []string
}

// Said returns both so far.
func (h *Heard) Said() (complaints, requests []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.complaints), slices.Clone(h.requests)
}

func (h *Heard) on(m message) {
	h.mu.Lock()
	defer h.mu.Unlock()
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
