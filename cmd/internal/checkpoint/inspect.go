package checkpoint

import (
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"equifm/egnn/trained"
	"equifm/nn/safetensors"
)

// Contents is what a checkpoint or another file of arrays holds.
type Contents struct {
	File      string            `json:"file"`
	Bytes     int64             `json:"bytes,omitempty"`   // of the file
	Format    string            `json:"format,omitempty"`  // of its metadata, and the rest from there
	Version   string            `json:"version,omitempty"` //
	Step      int               `json:"step"`
	CPU       float64           `json:"cpu_seconds"`
	Losses    []float64         `json:"losses,omitempty"` // means between the last saves
	Checksums bool              `json:"checksums"`        // there and right; a file where they are wrong is not opened
	Config    string            `json:"config,omitempty"` // TOML
	Metadata  map[string]string `json:"metadata,omitempty"`
	Arrays    []Array           `json:"arrays"`
}

// Array is one array of a file.
type Array struct {
	Name      string  `json:"array"`
	Type      string  `json:"type"`
	Shape     []int   `json:"shape"`
	Numbers   int     `json:"numbers"`
	Norm      float64 `json:"norm"` // Euclidean, of the finite ones, and so the two that follow
	Least     float64 `json:"least"`
	Most      float64 `json:"most"`
	NotFinite int     `json:"not_finite,omitempty"`
}

// Inspect reads all of what trained.OpenFile opens. It does not ask whether the arrays are
// those of a model.
func Inspect(name string) (c Contents, err error) {
	f, path, err := trained.OpenFile(name)
	if err != nil {
		return c, err
	}
	defer f.Close()
	c = Contents{File: path, Format: f.Metadata["format"], Version: f.Metadata["version"], Config: f.Metadata["config"], Checksums: f.Sealed, Metadata: map[string]string{}}
	if info, err := os.Stat(path); err == nil {
		c.Bytes = info.Size()
	}
	c.Step, _ = strconv.Atoi(f.Metadata["step"]) // a file of another program has none
	c.CPU, _ = strconv.ParseFloat(f.Metadata["cpu_seconds"], 64)
	if c.Losses, err = readLosses(f.Metadata); err != nil {
		return c, fmt.Errorf("%s: %w", path, err)
	}
	for key, value := range f.Metadata {
		switch key {
		case "format", "version", "config", "step", "cpu_seconds", "losses":
		default:
			c.Metadata[key] = value
		}
	}
	for _, e := range f.Entries {
		a, err := array(f, e)
		if err != nil {
			return c, err
		}
		c.Arrays = append(c.Arrays, a)
	}
	return c, nil
}

// array reads an array and sums it up.
func array(f *safetensors.File, e safetensors.Entry) (a Array, err error) {
	a = Array{Name: e.Name, Type: string(e.DType), Shape: e.Shape, Numbers: 1, Least: math.Inf(1), Most: math.Inf(-1)}
	for _, d := range e.Shape {
		a.Numbers *= d
	}
	values := make([]float64, a.Numbers)
	if e.DType == safetensors.F64 {
		err = safetensors.ReadInto(f, e.Name, values, e.Shape...)
	} else {
		single := make([]float32, a.Numbers)
		err = safetensors.ReadInto(f, e.Name, single, e.Shape...)
		for i, v := range single {
			values[i] = float64(v)
		}
	}
	if err != nil {
		return a, err
	}
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			a.NotFinite++
			continue
		}
		a.Norm = math.Hypot(a.Norm, v)
		a.Least, a.Most = min(a.Least, v), max(a.Most, v)
	}
	if a.NotFinite == a.Numbers {
		a.Least, a.Most = 0, 0
	}
	return a, nil
}

// Print writes the contents for people.
func (c Contents) Print(w io.Writer) {
	sums := "no checksums"
	if c.Checksums {
		sums = "checksums right"
	}
	if c.Format == "" {
		c.Format = "unknown"
	}
	if c.Bytes > 0 {
		sums = fmt.Sprintf("%d bytes, %s", c.Bytes, sums)
	}
	fmt.Fprintf(w, "%s: %s\nformat %s, version %s; step %d, %.1f s of processor time\n", c.File, sums, c.Format, c.Version, c.Step, c.CPU)
	if len(c.Losses) > 0 {
		fmt.Fprintf(w, "mean losses between the last saves: %.4g\n", c.Losses)
	}
	if c.Config != "" {
		fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(c.Config))
	}
	fmt.Fprintf(w, "\n%-44s %-4s %-14s %9s %12s %12s %12s\n", "array", "type", "shape", "numbers", "norm", "least", "most")
	total := 0
	for _, a := range c.Arrays {
		fmt.Fprintf(w, "%-44s %-4s %-14s %9d %12.5g %12.5g %12.5g", a.Name, a.Type, strings.Trim(strings.ReplaceAll(fmt.Sprint(a.Shape), " ", "×"), "[]"), a.Numbers, a.Norm, a.Least, a.Most)
		if a.NotFinite > 0 {
			fmt.Fprintf(w, "  %d NOT FINITE", a.NotFinite)
		}
		fmt.Fprintln(w)
		total += a.Numbers
	}
	fmt.Fprintf(w, "%d arrays, %d numbers\n", len(c.Arrays), total)
}
