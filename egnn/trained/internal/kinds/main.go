// Command kinds counts molecules by what they hold, and picks some of one kind: what it takes
// to see whether a model that goes on learning from a few hundred learns their kind.
//
//	go run ./egnn/trained/internal/kinds -pick nitrile -out nitriles.xyz qm9.xyz.gz
//	go run ./egnn/trained/internal/kinds runs/fine-tune/samples.sdf
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"

	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/chem"
	"equifm/molecule/formats"
	"equifm/molecule/metrics"
)

func main() {
	pick := flag.String("pick", "", "the kind to pick, among stable molecules in one piece of the training split")
	number := flag.Int("n", 300, "how many")
	out := flag.String("out", "kind.xyz", "file of XYZ to write them to")
	seed := flag.Uint64("seed", 1, "of which ones")
	flag.Parse()
	if err := run(flag.Args(), *pick, *number, *out, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "kinds:", err)
		os.Exit(1)
	}
}

func run(files []string, pick string, number int, out string, seed uint64) error {
	if pick != "" && kindOf(pick) == nil {
		return fmt.Errorf("-pick %s: expected one of %v", pick, names())
	}
	for _, name := range files {
		var c census
		picked, err := c.read(name, pick)
		if err != nil {
			return err
		}
		c.print(name)
		if pick == "" {
			continue
		}
		if len(picked) < number {
			return fmt.Errorf("%s: %d molecules of kind %s, expected %d", name, len(picked), pick, number)
		}
		rng := rand.New(rand.NewPCG(seed, 0))
		rng.Shuffle(len(picked), func(a, b int) { picked[a], picked[b] = picked[b], picked[a] })
		if err := write(out, picked[:number]); err != nil {
			return err
		}
	}
	return nil
}

// census counts the molecules of a file.
type census struct {
	all, stable, valid int
	of                 [len(kinds)]struct{ valid, stable int }
}

// read counts a file's molecules, and returns those of one kind.
func (c *census) read(name, pick string) (picked []*molecule.Molecule, err error) {
	f, err := formats.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	judger := metrics.Judger{Table: bonds.QM9()}
	for {
		m, err := f.Read()
		if errors.Is(err, io.EOF) {
			return picked, nil
		}
		if err != nil {
			return nil, err
		}
		if split, ok := m.Property("split"); ok && split != "train" {
			continue
		}
		v := judger.Judge(m)
		held, err := c.count(&v)
		if err != nil {
			return nil, fmt.Errorf("%s: molecule %d: %w", name, c.all, err)
		}
		if v.Stable && v.Fragments == 1 && slices.Contains(held, pick) {
			m.Properties = nil
			picked = append(picked, m)
		}
	}
}

// count adds a molecule, and returns the kinds that it is of: none if it is not valid.
func (c *census) count(v *metrics.Judgement) (held []string, err error) {
	c.all++
	if v.Stable {
		c.stable++
	}
	if !v.Valid {
		return nil, nil
	}
	c.valid++
	sanitised, err := chem.Sanitize(v.Graph)
	if err != nil {
		return nil, err
	}
	s, err := look(sanitised)
	if err != nil {
		return nil, err
	}
	for i, k := range kinds {
		if !k.in(s) {
			continue
		}
		held = append(held, k.name)
		c.of[i].valid++
		if v.Stable {
			c.of[i].stable++
		}
	}
	return held, nil
}

func (c *census) print(name string) {
	percent := func(n, of int) float64 { return 100 * float64(n) / float64(max(of, 1)) }
	fmt.Printf("%s: %d molecules, stable %.1f%%, valid %.1f%%\n", name, c.all, percent(c.stable, c.all), percent(c.valid, c.all))
	for i, k := range kinds {
		fmt.Printf("  %-12s %5.1f%% of the valid, %5.1f%% of those stable   %s\n", k.name,
			percent(c.of[i].valid, c.valid), percent(c.of[i].stable, c.of[i].valid), k.what)
	}
}

func write(name string, molecules []*molecule.Molecule) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := formats.NewXYZWriter(f)
	for _, m := range molecules {
		if err := w.Write(m); err != nil {
			f.Close()
			return err
		}
	}
	return f.Close()
}
