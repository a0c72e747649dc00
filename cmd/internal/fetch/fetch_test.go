package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// content is what the server should send.
var content = []byte("BZh9" + strings.Repeat("molecules and more of them\n", 20_000))

// server answers its first requests by these, in order, and the last one from then on.
func server(t *testing.T, answers ...http.HandlerFunc) (address string, asked *[]string) {
	t.Helper()
	asked = new([]string)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.Header.Get("Range"))
		answers[min(len(*asked), len(answers))-1](w, r)
	}))
	t.Cleanup(s.CloseClientConnections)
	t.Cleanup(s.Close)
	return s.URL + "/file", asked
}

// honest serves the content, by ranges too.
func honest(w http.ResponseWriter, r *http.Request) {
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// truncated promises all and closes the connection halfway.
func truncated(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	w.Write(content[:len(content)/2])
}

// stalled sends some and then nothing.
func stalled(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	w.Write(content[:1000])
	w.(http.Flusher).Flush()
	<-r.Context().Done()
}

// liar answers a range with the beginning.
func liar(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Range") == "" {
		truncated(w, r)
		return
	}
	w.Header().Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(content)-1, len(content)))
	w.WriteHeader(http.StatusPartialContent)
	w.Write(content)
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "/file")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func sumOf(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

func fileOf(t *testing.T, address string) File {
	return File{Address: address, Path: filepath.Join(t.TempDir(), "cache", "file"), Magic: "BZh", Most: 1 << 20,
		Check: func(path string) error {
			if b, err := os.ReadFile(path); err != nil || !bytes.Equal(b, content) {
				return errors.Join(err, errors.New("other content"))
			}
			return nil
		}, Stall: time.Minute, Tries: 4, Pause: time.Millisecond}
}

// A server that stops, stalls, fails for a while, sends a page, or another part than was
// asked for is asked again, for what is missing; in the end the file is there, whole.
func TestFaultServerThatStallsOrLies(t *testing.T) {
	half := fmt.Sprintf("bytes=%d-", len(content)/2)
	for name, c := range map[string]struct {
		answers []http.HandlerFunc
		asked   []string
	}{
		"honest":            {[]http.HandlerFunc{honest}, []string{""}},
		"truncated":         {[]http.HandlerFunc{truncated, honest}, []string{"", half}},
		"without ranges":    {[]http.HandlerFunc{truncated, func(w http.ResponseWriter, _ *http.Request) { w.Write(content) }}, []string{"", half}},
		"stalled":           {[]http.HandlerFunc{stalled, honest}, []string{"", "bytes=1000-"}},
		"fails for a while": {[]http.HandlerFunc{answer(503, "wait"), answer(500, ""), honest}, []string{"", "", ""}},
		"redirects":         {[]http.HandlerFunc{answer(302, ""), answer(307, ""), honest}, []string{"", "", ""}},
		"another part":      {[]http.HandlerFunc{liar, liar, honest}, []string{"", half, ""}},
	} {
		address, asked := server(t, c.answers...)
		f := fileOf(t, address)
		f.SHA256 = sumOf(content)
		if name == "stalled" { // a busy machine may stall the second answer too
			f.Stall, f.Tries = 500*time.Millisecond, 20
		}
		if err := f.Get(t.Context(), io.Discard); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if b, err := os.ReadFile(f.Path); err != nil || !bytes.Equal(b, content) {
			t.Errorf("%s: %d bytes, error %v", name, len(b), err)
		}
		if got := (*asked)[:min(len(*asked), len(c.asked))]; fmt.Sprint(got) != fmt.Sprint(c.asked) || name != "stalled" && len(*asked) != len(c.asked) {
			t.Errorf("%s: asked for %q, want %q", name, *asked, c.asked)
		}
		before := len(*asked)
		if err := f.Get(t.Context(), io.Discard); err != nil || len(*asked) != before {
			t.Errorf("%s: fetched again, error %v", name, err)
		}
	}
}

// What is not the file is not put in its place, and does not stay to be gone on with.
func TestFaultServerSendsSomethingElse(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		sum    string
		want   string
	}{
		"a page":        {answer(200, "<html>log in</html>"), "", `expected it to begin with "BZh", found "<ht"`},
		"cut, unsaid":   {func(w http.ResponseWriter, _ *http.Request) { w.Write(content[:5000]) }, "", "other content"},
		"changed":       {func(w http.ResponseWriter, _ *http.Request) { w.Write(append([]byte("BZh1"), content[4:]...)) }, sumOf(content), "expected the SHA-256 " + sumOf(content)},
		"without end":   {func(w http.ResponseWriter, _ *http.Request) { io.Copy(w, endless{}) }, "", "more than 1048576 bytes"},
		"not there":     {answer(404, ""), "", "it answers 404"},
		"round and on":  {answer(302, ""), "", "stopped after 10 redirects"},
		"always broken": {answer(500, ""), "", "it answers 500"},
		"always slow":   {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "", "nothing came for"},
	} {
		address, _ := server(t, c.answer)
		f := fileOf(t, address)
		f.SHA256, f.Tries = c.sum, 2
		if name == "always slow" {
			f.Stall = 50 * time.Millisecond
		}
		if err := f.Get(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), address) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
		if _, err := os.Stat(f.Path); err == nil {
			t.Errorf("%s: it is there", name)
		}
		if info, err := os.Stat(f.part()); err == nil && info.Size() > 0 {
			t.Errorf("%s: %d bytes stay", name, info.Size())
		}
	}
}

// endless reads as zeros.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return copy(p, "BZh"+strings.Repeat("\x00", len(p))), nil }

// Interrupted, a fetch keeps what it has, and the next goes on from there.
func TestFaultFetchInterrupted(t *testing.T) {
	address, asked := server(t, stalled, honest)
	f := fileOf(t, address)
	f.Stall = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := f.Get(ctx, io.Discard); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if err := f.Get(t.Context(), io.Discard); err != nil || fmt.Sprint(*asked) != "[ bytes=1000-]" {
		t.Errorf("asked for %q, error %v", *asked, err)
	}
}

// Without a network one is told the address, and where to put the file; an archive that is
// not all of QM9 is refused.
func TestFaultNoNetwork(t *testing.T) {
	t.Chdir(t.TempDir())
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	t.Setenv("LocalAppData", cache)
	gone := httptest.NewServer(nil)
	gone.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := QM9(ctx, gone.URL, "", io.Discard)
	for _, want := range []string{"QM9 is not here and was not fetched", gone.URL, qm9Name + " yourself, or name it with data.source"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	if err := os.WriteFile(qm9Name, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if path, err := QM9(t.Context(), gone.URL, "", io.Discard); err != nil || path != qm9Name {
		t.Errorf("%q, error %v", path, err)
	}
}

// Of three molecules the archive is not QM9.
func TestFaultArchiveOfSomeMolecules(t *testing.T) {
	few, err := os.ReadFile(filepath.Join("..", "..", "..", "datasets", "testdata", "qm9-raw.tar.bz2"))
	if err != nil {
		t.Fatal(err)
	}
	address, _ := server(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(few) })
	f := qm9File(address, "", filepath.Join(t.TempDir(), qm9Name))
	if err := f.Get(t.Context(), io.Discard); err == nil || !strings.Contains(err.Error(), "expected 133885 molecules with ids 1 to 133885, found 3") {
		t.Errorf("error %v", err)
	}
}
