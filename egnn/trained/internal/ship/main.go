// Command ship writes a built-in model from a run's folder: its average as bfloat16, the
// file's name for its own, and the settings it is to be sampled with.
//
//	go run ./egnn/trained/internal/ship -steps 100 -eta 15 RUN egnn/trained/builtin/qm9.safetensors
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/nn/safetensors"
)

func main() {
	steps := flag.Int("steps", 200, "evaluations of the network by dpm")
	eta := flag.Float64("eta", 20, "its noise")
	flag.Parse()
	if err := ship(flag.Args(), *steps, *eta); err != nil {
		fmt.Fprintln(os.Stderr, "ship:", err)
		os.Exit(1)
	}
}

func ship(args []string, steps int, eta float64) error {
	if len(args) != 2 {
		return fmt.Errorf("%d arguments, expected the folder of a run and a file to write", len(args))
	}
	m, err := trained.Open(args[0])
	if err != nil {
		return err
	}
	m.Config.Name = strings.TrimSuffix(filepath.Base(args[1]), ".safetensors")
	m.Config.Sample.Solver, m.Config.Sample.Steps, m.Config.Sample.Eta = flow.DPM, steps, eta
	return m.WriteFile(args[1], safetensors.BF16)
}
