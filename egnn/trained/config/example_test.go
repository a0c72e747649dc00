package config_test

import (
	"fmt"

	"equifm/egnn/trained/config"
)

// A file says what it changes of a preset; what is wrong in it has a line.
func ExampleParse() {
	c, err := config.Parse("base = \"tiny\"\n[sample]\nsolver = \"heun\"\nsteps = 50\n", "my.toml")
	fmt.Println(c.Sample.Solver, c.Sample.Steps, c.Train.Optimizer, err)
	_, err = config.Parse("base = \"tiny\"\n[sample]\nsolver = \"hoyn\"\n", "my.toml")
	fmt.Println(err)
	_, err = config.Parse("[sample]\nstep = 50\n", "my.toml")
	fmt.Println(err)
	// Output:
	// heun 50 muon <nil>
	// my.toml:3: sample.solver: expected one of euler, midpoint, heun, rk4, dopri5, stochastic, dpm, ancestral, karras, found "hoyn"
	// my.toml:2: sample.step: unknown key; the nearest known one is "sample.steps"
}
