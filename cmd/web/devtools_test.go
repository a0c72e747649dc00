package main

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

// browser is a headless Chromium, spoken to by its DevTools protocol over a pipe:
// JSON messages, a zero byte behind each, to its descriptor 3 and from its 4.
type browser struct {
	t    *testing.T
	to   io.Writer
	mu   sync.Mutex
	last int
	wait map[int]chan message
	on   func(m message) // events, in order, on a goroutine of their own
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

// launch starts the browser at path for the length of the test.
func launch(t *testing.T, path string, on func(m message)) *browser {
	t.Helper()
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--remote-debugging-pipe", "--user-data-dir="+t.TempDir(),
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
	b := &browser{t: t, to: write, wait: map[int]chan message{}, on: on}
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

func (b *browser) listen(r io.Reader) {
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
func (b *browser) hearWorker(m message) {
	var p struct{ SessionID string }
	if json.Unmarshal(m.Params, &p) != nil {
		return
	}
	for _, domain := range []string{"Runtime", "Network"} {
		b.send(message{Session: p.SessionID, Method: domain + ".enable"})
	}
}

// send sends a command and returns where its answer will come.
func (b *browser) send(m message) (<-chan message, error) {
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

// call sends a command and reads its result into result, unless that is nil.
func (b *browser) call(session, method string, params, result any) {
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

// tab opens an empty page and returns the session to speak to it by.
func (b *browser) tab() (session string) {
	b.t.Helper()
	var target struct{ TargetID string }
	b.call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(attached.SessionID, domain+".enable", struct{}{}, nil)
	}
	b.call(attached.SessionID, "Target.setAutoAttach", map[string]any{"autoAttach": true, "waitForDebuggerOnStart": false, "flatten": true}, nil)
	return attached.SessionID
}

// eval evaluates an expression of JavaScript in a page into result.
func (b *browser) eval(session, expression string, result any) {
	b.t.Helper()
	var out struct {
		Result    struct{ Value json.RawMessage }
		Exception *struct {
			Text      string
			Exception struct{ Description string }
		} `json:"exceptionDetails"`
	}
	b.call(session, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true}, &out)
	if out.Exception != nil {
		b.t.Fatalf("%s: %s %s", expression, out.Exception.Text, out.Exception.Exception.Description)
	}
	if result != nil {
		if err := json.Unmarshal(out.Result.Value, result); err != nil {
			b.t.Fatalf("%s: %s: %v", expression, out.Result.Value, err)
		}
	}
}

// until waits for an expression to be true.
func (b *browser) until(session, expression string, within time.Duration) {
	b.t.Helper()
	within *= time.Duration(*patience)
	for end := time.Now().Add(within); ; time.Sleep(50 * time.Millisecond) {
		var is bool
		if b.eval(session, expression, &is); is {
			return
		}
		if time.Now().After(end) {
			var state string
			b.eval(session, "document.body.dataset.state + ': ' + document.getElementById('status').textContent", &state)
			b.t.Fatalf("not within %v: %s; the page says %q", within, expression, state)
		}
	}
}
