package run

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"equifm/cmd/internal/run/runtest"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/molecule"
	"equifm/molecule/formats"
)

// selanes writes molecules of H, C and Se without splits, some with a charge.
func selanes(t *testing.T, dir string) string {
	t.Helper()
	f, err := os.Create(filepath.Join(dir, "my selanes.xyz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, rng := formats.NewXYZWriter(f), rand.New(rand.NewPCG(1, 1))
	for i := range 40 {
		m := &molecule.Molecule{Elements: []molecule.Element{34, molecule.C, molecule.H, molecule.H, molecule.H, molecule.H}[:4+i%3]}
		for range m.Elements {
			m.Pos = append(m.Pos, [3]float64{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()})
		}
		if i%4 == 0 {
			m.SetProperty("charge", "-1")
		}
		if err := w.Write(m); err != nil {
			t.Fatal(err)
		}
	}
	return f.Name()
}

// A run on data of one's own knows their elements, holds some out, and says what it took
// from them; one that starts at a model keeps what that knows of their elements.
func TestDataOfOnesOwn(t *testing.T) {
	dir := t.TempDir()
	source, first, second := selanes(t, dir), filepath.Join(dir, "first"), filepath.Join(dir, "second")
	start(t, Request{Config: runtest.Small(t, dir, 4), Out: first}, 2)
	was, err := trained.Open(first)
	if err != nil {
		t.Fatal(err)
	}
	q := Request{From: first, Data: source, Out: second}
	c, _, err := q.Place(&bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	network := was.Config.Network
	network.NormFactor = 0 // until the sizes are known
	if c.Name != "my-selanes" || c.Data.Source != source || c.Train.Decay != "cosine" || c.Network != network || c.Train.Time != was.Config.Train.Time {
		t.Errorf("%s learns %s by %+v", c.Name, c.Data.Source, c.Train)
	}
	c.Train.Steps, c.Sample.Number = 3, 4
	folder, err := Claim(second)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Release()
	var screen bytes.Buffer
	r, err := Prepare(c, 2, &screen)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Open(folder, q); err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, want := range []string{
		"2 of its 40 molecules are held out", "38 molecules of 4 to 6 atoms, of the elements H C Se: a channel for each, and one for Z",
		"judged by covalent radii: Se-*", "molecules have a charge, which the network is not told",
		"what belongs to the elements H C\n", "Se is new to it: weights of zero", "N O F is left behind",
	} {
		if !strings.Contains(screen.String(), want) {
			t.Errorf("no %q on the screen:\n%s", want, &screen)
		}
	}
	row := func(m *trained.Model, k int) []float32 {
		b, _ := m.Field.Params().Lookup("out.weight")
		return m.Field.Params().Slice(b)[k*b.Cols : (k+1)*b.Cols]
	}
	// H C N O F Z before, H C Se Z now
	if !slices.Equal(row(r.Model, 1), row(was, 1)) || !slices.Equal(row(r.Model, 3), row(was, 5)) || slices.ContainsFunc(row(r.Model, 2), func(v float32) bool { return v != 0 }) {
		t.Error("the answers for C and Z are not those of the model, or that for Se is not zero")
	}
	if err := r.Train(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.Finish(context.Background()); err != nil {
		t.Fatal(err)
	}
	m, err := trained.Open(second)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(m.Config.Vocabulary().Elements); got != "[H C Se]" || m.Config.Data.Vocabulary != "H C Se" || m.Sizes.Total != 38 {
		t.Errorf("the model knows %s, and %d sizes", got, m.Sizes.Total)
	}
	if _, _, err := (Request{Data: source, Resume: true}).Place(&bytes.Buffer{}); err == nil {
		t.Error("-data with -resume is taken")
	}
}

// geom writes an array of GEOM-Drugs: molecules of three conformers each, a lattice of
// carbon and hydrogen of 20 atoms and more.
func geom(t *testing.T, dir string, molecules int) string {
	t.Helper()
	var rows []float64
	rng := rand.New(rand.NewPCG(2, 2))
	for k := range 3 * molecules {
		m := k / 3
		for a := range 20 + 5*(m%9) {
			z := 6.0
			if (a+m)%3 == 0 {
				z = 1
			}
			rows = append(rows, float64(k), z, 1.5*float64(a%4)+0.1*rng.NormFloat64(), 1.5*float64(a/4%4)+0.1*rng.NormFloat64(), 1.5*float64(a/16)+0.1*rng.NormFloat64())
		}
	}
	head := fmt.Sprintf("{'descr': '<f8', 'fortran_order': False, 'shape': (%d, 5), }", len(rows)/5)
	head += strings.Repeat(" ", 117-len(head)) + "\n"
	var b bytes.Buffer
	b.WriteString("\x93NUMPY\x01\x00v\x00" + head)
	binary.Write(&b, binary.LittleEndian, rows)
	path := filepath.Join(dir, "geom.npy")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// An array of drug-sized molecules is learned from in its file: the loss falls, without
// ten steps of twice as much as those before, and the same bits come of any number of
// workers.
func TestStreamedDataAreLearned(t *testing.T) {
	dir := t.TempDir()
	text := fmt.Sprintf("base = \"geom-drugs\"\nname = \"drugs\"\n[data]\nsource = %q\n[network]\nhidden = 8\nlayers = 1\ncoords_range = 2.0\n"+
		"[eot]\nmode = \"none\"\n[train]\nsteps = 40\nbatch = 6\nshard = 2\nlr = 1e-2\nema = 0.9\nlog_every = 10\ncheckpoint_every = 40\n[sample]\nnumber = 2\nsolver = \"euler\"\nsteps = 3\n", geom(t, dir, 30))
	path := filepath.Join(dir, "drugs.toml")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var numbers [][]byte
	for _, workers := range []int{1, 2} {
		out := filepath.Join(dir, fmt.Sprint("out", workers))
		screen := start(t, Request{Config: path, Out: out}, workers)
		numbers = append(numbers, runtest.Numbers(t, out))
		losses := logged(t, out)
		for k, loss := range losses[1:] {
			if loss > 2*losses[k] || k == len(losses)-2 && loss > 0.9*losses[0] {
				t.Errorf("losses %v, expected them to fall", losses)
			}
		}
		for _, want := range []string{"90 conformers of 30 molecules, 72 of them of split \"train\", which stay in the file", "72 molecules of geom.npy"} {
			if !strings.Contains(screen, want) {
				t.Errorf("no %q on the screen:\n%s", want, screen)
			}
		}
	}
	if !bytes.Equal(numbers[0], numbers[1]) {
		t.Error("one worker and two learn different weights")
	}
}

// logged returns the losses of a run's log.
func logged(t *testing.T, dir string) (losses []float64) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "log.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		var e struct{ Loss float64 }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		losses = append(losses, e.Loss)
	}
	return losses
}

// What picks molecules of a set in memory is refused of an array that stays in its file.
func TestStreamedDataRefuse(t *testing.T) {
	dir := t.TempDir()
	source := geom(t, dir, 3)
	for _, line := range []string{"tenth = \"alpha\"", "atoms = \"2-9\"", "half = \"first\""} {
		c, err := config.Parse(fmt.Sprintf("base = \"geom-drugs\"\n[data]\nsource = %q\n%s\n", source, line), "drugs.toml")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Prepare(c, 1, io.Discard); err == nil || !strings.Contains(err.Error(), "not for an array of GEOM-Drugs") {
			t.Errorf("%s: error %v", line, err)
		}
	}
}
