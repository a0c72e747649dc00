package main

import "equifm/cmd/internal/usage"

// help is the command's page.
var help = usage.Page{
	Command: "sample",
	What: "Sample draws molecules from a trained model, the built-in one unless -model names another. Every record\n" +
		"says model, step, seed, solver, NFE, index, and whether it is stable and valid, or why not.",
	Groups: []usage.Group{
		{Title: "How many, and which", Flags: []string{"model", "n", "seed", "atoms"}, Examples: []string{
			"-n 8 -atoms 9-12 -seed 3 -out molecules.sdf",
			"-model runs/mine -n 8 -out molecules.sdf",
		}},
		{Title: "Only those that are wanted", Flags: []string{"valid", "unique", "novel", "train"}, Examples: []string{
			"-n 2 -atoms 5-7 -valid -unique -out new.sdf",
			"-n 2 -atoms 7 -novel -train mine.sdf -out new.sdf",
		}},
		{Title: "Of a formula, or on a part, of a model that has learned to be told", Flags: []string{"formula", "scaffold", "types-from", "resample"}, Examples: []string{
			"-n 3 -formula C2H4O -out molecules.sdf",
			"-model runs/told -n 3 -scaffold part.xyz -out molecules.sdf",
		}},
		{Title: "By a property, of a model that has learned one", Flags: []string{"property", "guidance"}, Examples: []string{
			"-model runs/alpha -property alpha=80 -out at80.sdf",
			"-model runs/alpha -property alpha=60:100 -atoms 19 -n 8 -out sweep.svg",
		}},
		{Title: "How they are drawn", Flags: []string{"solver", "steps", "grid", "eta", "churn"}, Examples: []string{
			"-n 4 -atoms 9 -solver euler -steps 50 -grid quadratic -out molecules.sdf",
			"-n 4 -atoms 9 -solver dpm -eta 1 -out molecules.sdf",
		}},
		{Title: "Where they go", Flags: []string{"out", "format", "trajectory", "report", "json"}, Examples: []string{
			"-n 4 -out molecules.sdf -report report.html  # to look at in a browser",
			"-n 4 -atoms 9 -format sdf > molecules.sdf  # or into a pipe",
			"-n 4 -atoms 9 -out molecules.sdf.gz -json",
			"-model runs/mine -n 2 -atoms 9 -out molecules.sdf -trajectory movie.xyz",
		}},
		{Title: "The machine", Flags: []string{"workers", "device"}, Examples: []string{
			"-model runs/mine -n 4 -workers 2 -device cpu -out molecules.sdf",
		}},
	},
}
