//go:build js && wasm

// Sampler is the program that the page's worker runs: it opens the built-in model,
// says so, and then draws a molecule whenever the worker asks; one of a formula by the
// built-in model that can be told.
//
// It talks to the worker by four of its functions' names: it calls ready(about) once,
// frame(state) on the way and drawn(molecule) or failed(reason) at the end of each
// molecule, and sets draw(wish). All but the reason are JSON, of package onscreen.
package main

import (
	"context"
	"encoding/json"
	"sync"
	"syscall/js"

	"equifm/cmd/web/internal/onscreen"
	"equifm/egnn/trained"
)

func main() {
	worker := js.Global()
	m, err := trained.Open("qm9")
	if err != nil {
		worker.Call("failed", err.Error())
		select {}
	}
	told := sync.OnceValues(func() (*trained.Model, error) { return trained.Open("qm9-told") })
	worker.Set("draw", js.FuncOf(func(_ js.Value, args []js.Value) any {
		if err := draw(worker, m, told, args[0].String()); err != nil {
			worker.Call("failed", err.Error())
		}
		return nil
	}))
	if err := tell(worker, "ready", onscreen.Describe(m)); err != nil {
		worker.Call("failed", err.Error())
		return
	}
	select {} // draw is called from outside for as long as the page is there
}

// draw draws the molecule of a wish in JSON. The worker hears of every state as it is
// reached, though it can ask for nothing until all is done.
func draw(worker js.Value, m *trained.Model, told func() (*trained.Model, error), text string) (err error) {
	var wish onscreen.Wish
	if err := json.Unmarshal([]byte(text), &wish); err != nil {
		return err
	}
	if wish.Formula != "" {
		if m, err = told(); err != nil {
			return err
		}
	}
	var lost error
	drawn, err := onscreen.Draw(context.Background(), m, wish, func(f onscreen.Frame) {
		if err := tell(worker, "frame", f); err != nil {
			lost = err
		}
	})
	if err != nil {
		return err
	}
	if lost != nil {
		return lost
	}
	return tell(worker, "drawn", drawn)
}

// tell calls the worker's function of a name with v as JSON.
func tell(worker js.Value, name string, v any) error {
	text, err := json.Marshal(v)
	if err == nil {
		worker.Call(name, string(text))
	}
	return err
}
