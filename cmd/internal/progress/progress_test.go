package progress

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"
)

// The rate is that of the last while, from the first on.
func TestRate(t *testing.T) {
	var r rate
	if r.perSecond() != 0 {
		t.Errorf("%v a second of nothing", r.perSecond())
	}
	for range 10 {
		if r.add(5, time.Second); math.Abs(r.perSecond()-5) > 1e-9 {
			t.Errorf("%v a second, expected 5", r.perSecond())
		}
	}
	for range 60 { // three times memory
		r.add(50, time.Second)
	}
	if v := r.perSecond(); v < 47 || v > 50 {
		t.Errorf("%v a second, expected to have all but forgotten 5 for 50", v)
	}
	r.add(0, 10*time.Second)
	if v := r.perSecond(); v < 25 || v > 40 {
		t.Errorf("%v a second after a while of nothing", v)
	}
}

// task is a line of half a task of 100, at 10 a second.
func task(w *bytes.Buffer, looks look) *Line {
	l := &Line{w: w, looks: looks}
	l.Begin("drawing:", " molecules", 0, 100)
	l.last = l.last.Add(-5 * time.Second)
	l.Add(50)
	return l
}

// Elsewhere than on a terminal the first line comes soon, another when nothing has been said
// for long, and none that nobody asks for.
func TestPlain(t *testing.T) {
	var b bytes.Buffer
	l := task(&b, plain)
	l.After(func(perSecond float64) float64 { return 600 / perSecond })
	begun := l.spoke
	for _, s := range []float64{0.5, 1, 1.6, 2, 30, 61, 62, 63} {
		l.tick(begun.Add(time.Duration(s * 1e9)))
	}
	want := strings.Repeat("drawing: 50 of 100 molecules, 1m5s left\n", 2)
	if got := b.String(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	l.tick(begun.Add(70 * time.Second))
	l.Write([]byte("step\n"))
	l.tick(time.Now().Add(50 * time.Second))
	if got := b.String(); got != want+"step\n" {
		t.Errorf("got %q", got)
	}
	l.End()
	l.tick(time.Now().Add(time.Hour)) // as a last one under way
	quiet := On(&b)
	quiet.Begin("drawing:", "", 0, 100)
	quiet.Add(1)
	quiet.End()
	if _, ok := quiet.Left(); !ok || On(quiet) != quiet {
		t.Error("a quiet line does not know the time")
	}
}

// On a terminal what is written stands on lines of its own, and nothing is left in the end.
func TestChanging(t *testing.T) {
	var b bytes.Buffer
	l := task(&b, changing)
	l.tick(time.Now())
	l.Write([]byte("step 1\n"))
	l.tick(time.Now())
	l.End()
	text := b.String()
	for _, want := range []string{" 50% ", "drawing: 50 of 100 molecules, 5s left", "\rstep 1\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %q", want, text)
		}
	}
	if rest := text[strings.LastIndex(text, "left")+4:]; strings.Trim(rest, " \r") != "" || !strings.HasSuffix(rest, "\r") {
		t.Errorf("%q is left", rest)
	}
	b.Reset()
	l = &Line{w: &b, looks: changing}
	l.Begin("reading x.xyz", "", 0, 0)
	l.tick(time.Now())
	l.End()
	if !strings.Contains(b.String(), "reading x.xyz") || strings.Contains(b.String(), "%") {
		t.Errorf("%q", b.String())
	}
}
