// Package progress says how far a command is: on a terminal by a line that changes, with a
// bar and the time that is left, elsewhere by plain lines, the first soon and others when
// nothing else has been said for long.
package progress

import (
	"fmt"
	"io"
	"math"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

const (
	redraw = 200 * time.Millisecond
	soon   = 1500 * time.Millisecond // until the first plain line of a task
	silent = time.Minute             // until another one, if nothing else is said
)

// Line is where a command says how it goes: what is written to it stands above the line. It
// is ready after On or New; goroutines may call at once.
type Line struct {
	mu    sync.Mutex
	w     io.Writer
	looks look

	what, unit  string
	done, total float64
	rate        rate
	last        time.Time                       // the rate is up to then
	after       func(perSecond float64) float64 // s, of what comes behind
	spoke       time.Time
	patience    time.Duration
	bar         *progressbar.ProgressBar
	stop, ended chan struct{}
}

// look is what a line looks like.
type look int

const (
	quiet look = iota // no line; only the time that is left
	plain
	changing
)

// New returns a line on w, which is a terminal or not. End ends it.
func New(w io.Writer) *Line {
	if f, ok := w.(*os.File); ok && IsTerminal(f) && os.Getenv("TERM") != "dumb" {
		return &Line{w: w, looks: changing}
	}
	return &Line{w: w, looks: plain}
}

// On returns w if it is a line, and else one that adds nothing to what is written.
func On(w io.Writer) *Line {
	if l, ok := w.(*Line); ok {
		return l
	}
	return &Line{w: w}
}

// IsTerminal says whether people read a file as it is written.
func IsTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// Write writes above the line.
func (l *Line) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bar != nil {
		l.bar.Clear() // the line; its bar is drawn again
	}
	l.spoke, l.patience = time.Now(), silent
	return l.w.Write(p)
}

// Begin begins a task, of which some is done already; total 0 is for how much nobody knows.
// What is done is said as what, the number, and its unit.
func (l *Line) Begin(what, unit string, done, total float64) {
	l.End()
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.what, l.unit, l.done, l.total, l.rate, l.after = what, unit, done, total, rate{}, nil
	l.last, l.spoke, l.patience = now, now, soon
	if l.looks == quiet {
		return
	}
	if l.looks == changing {
		l.bar = newBar(l.w, total > 0)
		l.draw()
	}
	l.stop, l.ended = make(chan struct{}), make(chan struct{})
	go l.watch(l.stop, l.ended)
}

// After says how long what comes behind the task will take, s, by its rate.
func (l *Line) After(seconds func(perSecond float64) float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.after = seconds
}

// Add says that so much more is done.
func (l *Line) Add(done float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.set(l.done + done)
}

// Set says how much is done.
func (l *Line) Set(done float64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.set(done)
}

func (l *Line) set(done float64) {
	now := time.Now()
	l.rate.add(done-l.done, now.Sub(l.last))
	l.done, l.last = done, now
}

// Left returns the time that is left, with what comes behind; ok is false while nobody knows.
func (l *Line) Left() (left time.Duration, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.left()
}

func (l *Line) left() (time.Duration, bool) {
	r := l.rate.perSecond()
	if l.total == 0 || r <= 0 {
		return 0, false
	}
	seconds := max(0, l.total-l.done) / r
	if l.after != nil {
		seconds += l.after(r)
	}
	return time.Duration(min(seconds, math.MaxInt64/1e9) * 1e9).Round(time.Second), true
}

// End ends the task, and takes its line away.
func (l *Line) End() {
	l.mu.Lock()
	stop, ended := l.stop, l.ended
	l.stop = nil
	l.mu.Unlock()
	if stop == nil {
		return
	}
	close(stop)
	<-ended
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bar != nil {
		l.bar.Clear()
		l.bar = nil
	}
}

// watch draws the line until it is told to stop.
func (l *Line) watch(stop, ended chan struct{}) {
	defer close(ended)
	tick := time.NewTicker(redraw)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case now := <-tick.C:
			l.tick(now)
		}
	}
}

// tick draws the line anew, or says a plain one if it is time for it.
func (l *Line) tick(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.bar != nil:
		l.draw()
	case now.Sub(l.spoke) >= l.patience:
		l.spoke, l.patience = now, silent
		fmt.Fprintln(l.w, l.text())
	}
}

// text is what the line says.
func (l *Line) text() string {
	text := l.what
	done := math.Floor(min(l.done, max(l.total, l.done)) + 1e-6)
	if l.total > 0 {
		text += fmt.Sprintf(" %.0f of %.0f%s", min(done, l.total), l.total, l.unit)
	} else if done > 0 {
		text += fmt.Sprintf(" %.0f%s", done, l.unit)
	}
	if left, ok := l.left(); ok {
		text += fmt.Sprintf(", %v left", left)
	}
	return text
}

// parts are what a bar is divided into.
const parts = 1000

// newBar returns a bar of a task that has an end, or a spinner.
func newBar(w io.Writer, ends bool) *progressbar.ProgressBar {
	most := int64(parts)
	if !ends {
		most = -1
	}
	return progressbar.NewOptions64(most, progressbar.OptionSetWriter(w), progressbar.OptionSetWidth(24), progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false), progressbar.OptionClearOnFinish(),
		progressbar.OptionSpinnerType(14), progressbar.OptionSetTheme(progressbar.ThemeASCII))
}

// draw draws the bar.
func (l *Line) draw() {
	l.bar.Describe(" " + l.text())
	if l.total > 0 {
		l.bar.Set64(int64(min(parts*l.done/l.total, parts-1))) // a full one would be taken away
	} else {
		l.bar.Add(1)
	}
}
