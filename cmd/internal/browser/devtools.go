package browser

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

// Browser is a headless Chromium, spoken to by its DevTools protocol over a pipe:
// JSON messages, a zero byte behind each, to its descriptor 3 and from its 4.
type Browser struct {
	Heard // events, in order, on a goroutine of their own

	t    *testing.T
	to   io.Writer
	mu   sync.Mutex
	last int
	wait map[int]chan message
}

type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// Launch starts the browser for the length of the test, and skips the test where none
// was given.
func Launch(t *testing.T) *Browser {
	t.Helper()
	Needed(t)
	cmd := exec.Command(*chromium, "--headless", "--no-sandbox", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir(),
		"--no-first-run", "--hide-scrollbars", "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
	read, itsWrite := pipe(t)
	itsRead, write := pipe(t)
	cmd.ExtraFiles = []*os.File{itsRead, itsWrite}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	itsRead.Close()
	itsWrite.Close()
	b := &Browser{t: t, to: write, wait: map[int]chan message{}}
	t.Cleanup(func() {
		b.send(message{Method: "Browser.close"})
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-ended:
		case <-time.After(5 * time.Second):
			cmd.Process.Kill()
			<-ended
		}
	})
	go b.listen(read)
	return b
}

func pipe(t *testing.T) (r, w *os.File) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close(); w.Close() })
	return r, w
}

func (b *Browser) listen(r io.Reader) {
	events := make(chan message, 10_000)
	defer close(events)
	go func() {
		for m := range events {
			if m.Method == "Target.attachedToTarget" {
				b.hearWorker(m)
			}
			b.on(m)
		}
	}()
	for in := bufio.NewReader(r); ; {
		text, err := in.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(text[:len(text)-1], &m) != nil {
			continue
		}
		if m.ID == 0 {
			events <- m
			continue
		}
		b.mu.Lock()
		if answer := b.wait[m.ID]; answer != nil {
			answer <- m
		}
		delete(b.wait, m.ID)
		b.mu.Unlock()
	}
}

// hearWorker asks for what a page's worker says and requests, too.
func (b *Browser) hearWorker(m message) {
	var p struct{ SessionID string }
	if json.Unmarshal(m.Params, &p) != nil {
		return
	}
	for _, domain := range []string{"Runtime", "Network"} {
		b.send(message{Session: p.SessionID, Method: domain + ".enable"})
	}
}

// send sends a command and returns where its answer will come.
func (b *Browser) send(m message) (<-chan message, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	m.ID = b.last
	text, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	answer := make(chan message, 1)
	b.wait[m.ID] = answer
	_, err = b.to.Write(append(text, 0))
	return answer, err
}

// Call sends a command and reads its result into result, unless that is nil.
func (b *Browser) Call(session, method string, params, result any) {
	b.t.Helper()
	text, err := json.Marshal(params)
	if err != nil {
		b.t.Fatal(err)
	}
	answer, err := b.send(message{Session: session, Method: method, Params: text})
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	select {
	case m := <-answer:
		if m.Error != nil {
			b.t.Fatalf("%s: %s", method, m.Error.Message)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				b.t.Fatalf("%s: %v", method, err)
			}
		}
	case <-time.After(time.Duration(*patience) * time.Minute):
		b.t.Fatalf("%s: no answer within %d minutes", method, *patience)
	}
}

// Tab opens an empty page and returns the session to speak to it by.
func (b *Browser) Tab() (session string) {
	b.t.Helper()
	var target struct{ TargetID string }
	b.Call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.Call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.Call(attached.SessionID, domain+".enable", struct{}{}, nil)
	}
	b.Call(attached.SessionID, "Target.setAutoAttach", map[string]any{"autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true}, nil)
	return attached.SessionID
}

// Eval evaluates an expression of JavaScript in a page into result.
func (b *Browser) Eval(session, expression string, result any) {
	b.t.Helper()
	var out struct {
		Result    struct{ Value json.RawMessage }
		Exception *struct {
			Text      string
			Exception struct{ Description string }
		} `json:"exceptionDetails"`
	}
	b.Call(session, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &out)
	if out.Exception != nil {
		b.t.Fatalf("%s: %s %s", expression, out.Exception.Text, out.Exception.Exception.Description)
	}
	if result != nil {
		if err := json.Unmarshal(out.Result.Value, result); err != nil {
			b.t.Fatalf("%s: %s: %v", expression, out.Result.Value, err)
		}
	}
}

// Until waits for an expression to be true.
func (b *Browser) Until(session, expression string, within time.Duration) {
	b.t.Helper()
	within *= time.Duration(*patience)
	for end := time.Now().Add(within); ; time.Sleep(50 * time.Millisecond) {
		var is bool
		if b.Eval(session, expression, &is); is {
			return
		}
		if time.Now().After(end) {
			var state string
			b.Eval(session, "document.body?.dataset.state + ': ' + document.getElementById('status')?.textContent", &state)
			b.t.Fatalf("not within %v: %s; the page says %q", within, expression, state)
		}
	}
}
