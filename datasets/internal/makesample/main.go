// Command makesample draws the built-in sample from the whole of QM9:
//
//	go run ./datasets/internal/makesample -in qm9.xyz.gz -out datasets/qm9-sample.bin
//
// The input is extended XYZ with gdb= and split= in the comment lines, and the
// properties of those molecules of which they are known.
package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"

	"equifm/datasets/internal/packed"
	"equifm/molecule"
	"equifm/molecule/formats"
)

func main() {
	in := flag.String("in", "qm9.xyz.gz", "extended XYZ of QM9 with gdb= and split=")
	out := flag.String("out", "datasets/qm9-sample.bin", "where the sample goes")
	train := flag.Int("train", 10_000, "molecules of the training split")
	valid := flag.Int("valid", 1_000, "molecules of the validation split")
	seed := flag.Uint64("seed", 1, "seed of the draw")
	flag.Parse()
	if err := run(*in, *out, map[string]int{"train": *train, "valid": *valid}, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "makesample:", err)
		os.Exit(1)
	}
}

func run(in, out string, want map[string]int, seed uint64) error {
	bySplit, err := read(in)
	if err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(seed, 0))
	var drawn []packed.Molecule
	for _, split := range []string{"train", "valid"} {
		all := bySplit[split]
		if len(all) < want[split] {
			return fmt.Errorf("%s: %d molecules in split %s, expected at least %d", in, len(all), split, want[split])
		}
		for _, i := range rng.Perm(len(all))[:want[split]] {
			drawn = append(drawn, all[i])
		}
	}
	slices.SortFunc(drawn, func(a, b packed.Molecule) int { return cmp.Compare(a.GDB, b.GDB) })
	var buf bytes.Buffer
	if err := packed.Encode(&buf, drawn); err != nil {
		return err
	}
	fmt.Printf("%d molecules, %d bytes\n", len(drawn), buf.Len())
	return os.WriteFile(out, buf.Bytes(), 0o644)
}

func read(in string) (map[string][]packed.Molecule, error) {
	f, err := formats.Open(in)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	bySplit := map[string][]packed.Molecule{}
	for {
		m, err := f.Read()
		if err == io.EOF {
			return bySplit, nil
		}
		if err != nil {
			return nil, err
		}
		id, _ := m.Property("gdb")
		split, _ := m.Property("split")
		gdb, err := strconv.Atoi(id)
		if err != nil {
			return nil, fmt.Errorf("%s: expected gdb=, found %q", in, id)
		}
		z := make([]byte, m.Len())
		for i, e := range m.Elements {
			z[i] = byte(e)
		}
		values, err := values(m)
		if err != nil {
			return nil, fmt.Errorf("%s: gdb %d: %w", in, gdb, err)
		}
		bySplit[split] = append(bySplit[split], packed.Molecule{GDB: gdb, Z: z, Pos: m.Pos, Values: values})
	}
}

// values returns the properties that the sample keeps, nil where one is not known.
func values(m *molecule.Molecule) (values []float64, err error) {
	for _, c := range packed.Columns {
		text, known := m.Property(c.Key)
		if !known {
			return nil, nil
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("property %s: %w", c.Key, err)
		}
		values = append(values, v)
	}
	return values, nil
}
