// Command curves draws how good a model's molecules are against what they cost: a sample by
// every solver at several numbers of evaluations of the network.
//
//	go run ./egnn/trained/internal/curves -n 500 -out egnn/trained/builtin
//
// It prints a line for each sample, and writes curves.csv and curves.svg. With -training it
// draws training.svg instead, against the processor time of the training, from training.csv.
package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"

	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/molecule/metrics"
)

func main() {
	name := flag.String("model", "qm9", "the folder of a run, a file of weights, or a built-in model")
	number := flag.Int("n", 500, "molecules of each sample")
	seed := flag.Uint64("seed", 1, "of their sizes and noise, the same for all")
	out := flag.String("out", ".", "the folder to write to")
	training := flag.Bool("training", false, "draw training.svg from the training.csv of -out, and do nothing else")
	flag.Parse()
	if *training {
		if err := drawTraining(*out); err != nil {
			fmt.Fprintln(os.Stderr, "curves:", err)
			os.Exit(1)
		}
		return
	}
	if err := curves(*name, *number, *seed, *out); err != nil {
		fmt.Fprintln(os.Stderr, "curves:", err)
		os.Exit(1)
	}
}

// method is a solver with its settings.
type method struct {
	name   string
	solver flow.Solver
	eta    float64
	each   int // evaluations of a step; 0 where a tolerance decides
}

// noisy says whether it puts noise back on the way.
func (how method) noisy() bool {
	return how.eta > 0 || how.solver == flow.Stochastic || how.solver == flow.Karras
}

var methods = []method{
	{"euler", flow.Euler, 0, 1},
	{"midpoint", flow.Midpoint, 0, 2},
	{"heun", flow.Heun, 0, 2},
	{"rk4", flow.RK4, 0, 4},
	{"dopri5", flow.Dopri5, 0, 0},
	{"dpm", flow.DPM, 0, 1},
	{"dpm, noise 2", flow.DPM, 2, 1},
	{"dpm, noise 6", flow.DPM, 6, 1},
	{"dpm, noise 12", flow.DPM, 12, 1},
	{"stochastic", flow.Stochastic, 0, 1},
	{"karras", flow.Karras, 0, 2},
}

var (
	evaluations = []int{5, 10, 20, 50, 100, 200}
	tolerances  = []float64{3e-1, 1e-1, 1e-2, 1e-3, 1e-4} // dopri5's, relative and absolute
)

// point is one sample.
type point struct {
	method string
	nfe    float64
	metrics.Totals
}

func (p point) share(key string) float64 { return p.Counts[key].Value() }

func curves(name string, number int, seed uint64, out string) error {
	m, err := trained.Open(name)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var points []point
	for _, how := range methods {
		for _, o := range how.options(m, number, seed) {
			molecules, stats, err := m.Sample(ctx, o)
			if err != nil {
				return err
			}
			var tally metrics.Tally
			for _, j := range m.Judge(molecules) {
				tally.Add(j)
			}
			p := point{how.name, float64(stats.NFE), tally.Totals()}
			fmt.Printf("%-14s nfe %6.1f  atoms stable %5.1f  molecules stable %5.1f  connected %5.1f\n",
				p.method, p.nfe, 100*p.share("atom_stability"), 100*p.share("molecule_stability"), 100*p.share("connected"))
			points = append(points, p)
		}
	}
	for file, draw := range map[string]func([]point, int) ([]byte, error){"curves.csv": table, "curves.svg": picture} {
		data, err := draw(points, number)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, file), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// options are those of each sample of a method.
func (how method) options(m *trained.Model, number int, seed uint64) (all []trained.Options) {
	o := m.Options()
	o.Number, o.Seed, o.Solver, o.Eta = number, seed, how.solver, how.eta
	if how.each == 0 {
		for _, tolerance := range tolerances {
			o.RTol, o.ATol = tolerance, tolerance
			all = append(all, o)
		}
		return all
	}
	for _, n := range evaluations {
		if o.Steps = n / how.each; n%how.each == 0 {
			all = append(all, o)
		}
	}
	return all
}

// table is the points as CSV, with 95% intervals.
func table(points []point, number int) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write([]string{"method", "nfe", "samples", "atom_stability", "molecule_stability", "molecule_stability_low", "molecule_stability_high", "validity", "connected"})
	text := func(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }
	for _, p := range points {
		w.Write([]string{p.method, strconv.FormatFloat(p.nfe, 'f', 1, 64), strconv.Itoa(number), text(p.share("atom_stability")),
			text(p.share("molecule_stability")), text(p.Intervals["molecule_stability"][0]), text(p.Intervals["molecule_stability"][1]),
			text(p.share("validity")), text(p.share("connected"))})
	}
	w.Flush()
	return b.Bytes(), w.Error()
}
