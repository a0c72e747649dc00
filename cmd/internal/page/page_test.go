package page

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"equifm/cmd/internal/report"
	"equifm/cmd/internal/run"
	"equifm/cmd/internal/signs"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/metrics"
)

// source is a small sample of the built-in model, held against a few molecules, with
// losses made up. Its title is hostile.
func source(t *testing.T) Source {
	t.Helper()
	m, err := trained.Open("qm9")
	if err != nil {
		t.Fatal(err)
	}
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var data report.Slice
	few := &datasets.Set{Name: "few", Splits: map[string][]int{"train": {0}}}
	for i := range 120 {
		data = append(data, &set.Molecules[i])
		few.Molecules, few.Splits["valid"] = append(few.Molecules, set.Molecules[i]), append(few.Splits["valid"], i)
	}
	s := Source{Title: "<script>alert(1)</script>", Model: m, How: m.Options(), DataName: "few of QM9",
		Effort: signs.Effort{Molecules: 2, Times: []float64{0.5, 0.05}, Ways: 1, Most: 60}}
	s.How.Number, s.How.Seed, s.How.Atoms, s.How.Steps, s.How.Workers = 10, 5, 9, 14, 2
	molecules, stats, err := m.Sample(t.Context(), s.How)
	if err != nil {
		t.Fatal(err)
	}
	s.Data = report.NewReference(m.Config.Bonds(), 2)
	if err := s.Data.Read(&data, nil); err != nil {
		t.Fatal(err)
	}
	broken := *molecules[0]
	broken.Pos = slices.Clone(broken.Pos)
	broken.Pos[0][1] = math.NaN()
	sample := report.Slice(append(molecules, &broken))
	e := report.New(m.Config.Bonds(), 2, s.Data)
	s.Gallery = NewGallery(m.Config.Bonds(), m.Config.Vocabulary().Elements)
	if err := e.Read(s.Gallery.Reading(&sample), s.Gallery.Judged); err != nil {
		t.Fatal(err)
	}
	s.Report, s.Shapes = e.Report(s.Data), e.Shapes
	s.Report.Sampling = &report.Sampling{Step: m.Step, Seed: 5, Solver: "dpm", NFE: stats.NFE}
	if s.HeldOut, err = run.HeldOut(few, m, 3); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "log.jsonl")
	text := `{"step":2,"loss":9.5,"x":6,"h":0.02,"x_by_t":[1,null,3,4,5,6,7,8,9,10],"h_by_t":[0.1,0.2,0.3,0.4,0.5,0.4,0.3,0.2,0.1,0.05]}
no line at all
{"step":4,"loss":7.25,"x":5,"h":0.01,"x_by_t":[1,2,3,4,5,6,7,8,9,10],"h_by_t":[0.1,0.2,0.3,0.4,0.5,0.4,0.3,0.2,0.1,0.05],"valid":{"loss":8,"x":4,"h":0.02,"x_by_t":[1,2,3,4,5,6,7,8,9,11],"h_by_t":[0.1,0.2,0.3,0.4,0.5,0.4,0.3,0.2,0.1,0.05]}}
{"step":40000,"loss":1}
`
	if err := os.WriteFile(log, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if s.Losses, err = ReadLosses(log, m.Step); err != nil || len(s.Losses) != 2 {
		t.Fatalf("%d losses, error %v", len(s.Losses), err)
	}
	return s
}

// written writes the page of a source and returns its path.
func written(t *testing.T, s Source) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "report.html")
	if err := Check(path); err != nil {
		t.Fatal(err)
	}
	if err := Write(t.Context(), path, s); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPage(t *testing.T) {
	s := source(t)
	path := written(t, s)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	alone(t, string(text))
	says(t, s, string(text))
	molecules(t, s, string(text))
	numbers(t, s, filepath.Join(filepath.Dir(path), "report.csv"))
}

// alone holds that the page needs nothing else, is small, and escapes what it is given.
func alone(t *testing.T, page string) {
	t.Helper()
	if len(page) > 3<<20 {
		t.Errorf("%d bytes, want at most 3 MB", len(page))
	}
	for _, named := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		if named[1] != "data:," {
			t.Errorf("the page names %q", named[1])
		}
	}
	if strings.Contains(page, "<script>alert(1)") || !strings.Contains(page, "&lt;script&gt;alert(1)") {
		t.Error("the title is not escaped")
	}
	head, _, _ := strings.Cut(page, "<script>")
	if drawn := regexp.MustCompile(` d="([^"]*)"`).FindAllStringSubmatch(head, -1); len(drawn) < 100 {
		t.Errorf("the page draws %d paths", len(drawn))
	} else {
		for _, d := range drawn {
			if !regexp.MustCompile(`^[MLHVZCAQ0-9e., -]*$`).MatchString(d[1]) {
				t.Errorf("a path goes along %.40q", d[1])
			}
		}
	}
}

// says holds where the sample is from, and the findings.
func says(t *testing.T, s Source, page string) {
	t.Helper()
	for _, want := range []string{"qm9, 1289299 parameters", fmt.Sprintf("step %d of", s.Model.Step), "14 steps", "seed 5", fmt.Sprintf("%d evaluations of the network a molecule", s.Report.Sampling.NFE),
		"Molecule stability <span class=\"level\">", "<td class=\"paper\">88.3</td>", "[network]"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// molecules holds the gallery against the sample, and the film's end against its molecule.
func molecules(t *testing.T, s Source, page string) {
	t.Helper()
	var got struct {
		Good, Bad []Shown
		Films     [][]Frame
	}
	line := regexp.MustCompile(`const sample = (.*);</script>`).FindStringSubmatch(page)
	if line == nil {
		t.Fatal("no molecules in the page")
	}
	if err := json.Unmarshal([]byte(line[1]), &got); err != nil {
		t.Fatal(err)
	}
	if n := s.Report.Counts["connected"].K; len(got.Good) != n || n < 2 || len(got.Bad) != 10-n || n == 10 {
		t.Errorf("%d good and %d bad molecules of 10 that can be drawn, %d are connected", len(got.Good), len(got.Bad), n)
	}
	filmed := 0
	for _, m := range slices.Concat(got.Good, got.Bad) {
		if good := m.Valid && m.Fragments == 1; good != (m.SMILES != "" && m.Fragments == 1) || !m.Valid && m.Reason == "" || len(m.X) != 27 {
			t.Errorf("%+v", m)
		}
		if m.Film < 0 {
			continue
		}
		filmed++
		f := got.Films[m.Film]
		if last := f[len(f)-1]; f[0].T != 1 || last.T != 0 || !slices.Equal(last.X, m.X) || !slices.Equal(last.Elements, m.Elements) {
			t.Errorf("the film of molecule %d goes from t = %v to %v and ends at %v, not at %v", m.Number, f[0].T, last.T, last.X, m.X)
		}
	}
	if filmed != films || len(got.Films) != films {
		t.Errorf("%d films, %d molecules with one, want %d", len(got.Films), filmed, films)
	}
}

// numbers holds the file of what is plotted against where it is from.
func numbers(t *testing.T, s Source, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || !slices.Equal(rows[0], columns) {
		t.Fatalf("%q, error %v", rows, err)
	}
	at, area, plots := map[string]float64{}, 0.0, map[string]bool{}
	for _, r := range rows[1:] {
		y, _ := strconv.ParseFloat(r[3], 64)
		at[strings.Join(r[:3], "|")] = y
		plots[r[0]] = true
		if r[0] == "Length of C-H, Å" && r[1] == "data" {
			area += y
		}
	}
	var ch metrics.Kind
	for k := range s.Data.Shapes.Lengths {
		if k.String() == "C-H" {
			ch = k
		}
	}
	for key, want := range map[string]float64{
		"1-Wasserstein distance|Length of C-H, Å|Å":   metrics.Wasserstein(s.Shapes.Lengths[ch], s.Data.Shapes.Lengths[ch]),
		"metrics, %|molecule_stability|sample":        100 * s.Report.Counts["molecule_stability"].Value(),
		"metrics, %|molecule_stability|paper":         88.3,
		"Training loss|loss|4":                        7.25,
		"Held-out parts, an atom|features|4":          0.02,
		"Coordinates by t, Å² an atom|held out|0.95":  11,
		"Its parts, an atom|coordinates, Å²|2":        6,
		"Stiffness |∂v/∂y||1/t|0.5":                   2,
		"Coordinates by t, Å² an atom|training|0.150": 0, // not there
	} {
		if got := at[key]; math.Abs(got-want) > 1e-4*max(1, want) {
			t.Errorf("%s is %v, want %v", key, got, want)
		}
	}
	if bar := barOf(s.Shapes.Lengths[ch], s.Data.Shapes.Lengths[ch], lengthBars); !(math.Abs(area*bar-1) < 0.02) {
		t.Errorf("the histogram of C-H is of area %v", area*bar)
	}
	if len(plots) < 16 {
		t.Errorf("plots %v", plots)
	}
}

// Of molecules from a file there is no model to look at, and the page has what there is;
// of none at all too. A number that was given to a molecule stays.
func TestPageWithoutModel(t *testing.T) {
	for n := range 2 {
		var some report.Slice
		for range n {
			m := &molecule.Molecule{Elements: []molecule.Element{8, 1, 1}, Pos: [][3]float64{{0, 0, 0.117}, {0, 0.757, -0.471}, {0, -0.757, -0.471}}}
			m.SetProperty("index", "41")
			some = append(some, m)
		}
		e, g := report.New(bonds.QM9(), 1, nil), NewGallery(bonds.QM9(), molecule.QM9Elements())
		if err := e.Read(g.Reading(&some), g.Judged); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(written(t, Source{Title: "water.xyz", Report: e.Report(nil), Shapes: e.Shapes, Gallery: g}))
		if err != nil {
			t.Fatal(err)
		}
		there := strings.Contains(string(text), `"number":41,"formula":"H2O","smiles":"[H]O[H]"`)
		if there != (n == 1) || strings.Contains(string(text), "<h2>The field") || !strings.Contains(string(text), "Molecule stability") {
			t.Errorf("of %d molecules: the water is there %t", n, there)
		}
	}
}

func TestCheck(t *testing.T) {
	for path, want := range map[string]string{"a.htm": "expected a name that ends in .html", filepath.Join(t.TempDir(), "none", "a.html"): "none"} {
		if err := Check(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v", path, err)
		}
	}
}

// Ticks are round, few, and within.
func TestTicks(t *testing.T) {
	for _, c := range []struct {
		log       bool
		low, high float64
		want      string
	}{
		{false, 1.04, 1.16, "1.05 1.1 1.15"}, {false, 0, 5000, "0 1000 2000 3000 4000 5000"}, {false, 0, 45, "0 10 20 30 40"}, {false, -0.2, 0.9, "0 0.5"},
		{true, 1, 1000, "1 10 100 1000"}, {true, 3.2, 9, "4 6 8"}, {true, 0.7, 12, "1 3 10"}, {true, 1e-7, 6e-7, "1e-07 2e-07 5e-07"}, {false, 2, 2, "2"},
	} {
		var got []string
		for _, tick := range (even{log: c.log}).Ticks(c.low, c.high) {
			got = append(got, tick.Label)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v to %v, log %t: %v, want %s", c.low, c.high, c.log, got, c.want)
		}
	}
}
