package page

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"strings"

	"equifm/cmd/internal/exit"
	"equifm/cmd/internal/files"
	"equifm/cmd/internal/signs"
	"equifm/cmd/internal/threedmol"
	"equifm/molecule/metrics"
)

//go:embed assets
var assets embed.FS

var text = template.Must(template.ParseFS(assets, "assets/page.html"))

// view is what the page's text is filled with.
type view struct {
	Title, Subtitle string
	Facts           []Fact
	Findings        []signs.Finding
	Unmeasured      string // why the model was not looked at, or ""
	Figures         []Figure
	Warning         string
	Bonds           string // where they are from
	Reasons         []Count
	Of              [2]int // molecules that are good, and the others, in the sample
	DataName        string
	Apart           string // how far the sample's shapes are from the data's
	Shapes, Losses  []Chart
	Field           []Chart
	Config          string
	CSV             string // name of the file beside

	Style                   template.CSS
	ThreeDmol, Viewer, Page template.JS
	Molecules               template.JS // JSON
	Licence                 string
}

// Fact is a line of where the sample is from.
type Fact struct{ Name, Is string }

// Count is how often something was found.
type Count struct {
	What string
	N    int
}

// Check returns an error where Write would have one for the path alone.
func Check(path string) error {
	if filepath.Ext(path) != ".html" {
		return exit.Usage{Err: fmt.Errorf("%s: expected a name that ends in .html", path)}
	}
	return errors.Join(files.CheckPlace(path), files.CheckPlace(beside(path)))
}

// beside is where the numbers go.
func beside(path string) string { return strings.TrimSuffix(path, ".html") + ".csv" }

// Write makes the page, and the numbers beside it.
func Write(ctx context.Context, path string, s Source) error {
	var b book
	v, err := s.view(ctx, &b)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	v.CSV = filepath.Base(beside(path))
	var page bytes.Buffer
	if err := text.Execute(&page, v); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := files.Replace(beside(path), b.write); err != nil {
		return err
	}
	return files.Replace(path, func(w io.Writer) error {
		_, err := w.Write(page.Bytes())
		return err
	})
}

// view finds out all that the page says.
func (s *Source) view(ctx context.Context, b *book) (v view, err error) {
	films, err := s.films(ctx)
	if err != nil {
		return v, err
	}
	data, dataShapes := s.Report.Training, (*metrics.Shapes)(nil)
	if s.Data != nil {
		dataShapes = s.Data.Shapes
	}
	known := signs.Case{Sample: s.Report.Totals, Data: data, MeanSize: s.Gallery.meanSize(), Repaired: s.Gallery.Repair.Share}
	if s.Report.Sampling != nil {
		known.NFE = s.Report.Sampling.NFE
	}
	if known.Model, err = s.measure(ctx); err != nil {
		if ctx.Err() != nil {
			return v, err
		}
		v.Unmeasured = err.Error()
	}
	v.Title, v.Subtitle, v.Facts, v.DataName = s.Title, s.subtitle(), s.facts(), s.DataName
	v.Findings, v.Warning, v.Reasons = signs.Read(known), s.Report.Warning(), reasons(s.Report.Reasons)
	v.Apart, v.Bonds = s.apart(), s.bonds()
	v.Figures = b.figures(s, data)
	v.Shapes, v.Losses, v.Field = b.shapes(s.Shapes, dataShapes), b.training(s.Losses), b.field(known.Model)
	if s.Model != nil {
		v.Config = s.Model.Config.String()
	}
	v.Of = [2]int{s.Gallery.goods, s.Gallery.n - s.Gallery.goods}
	if err := v.load(s.Gallery, films); err != nil {
		return v, err
	}
	return v, b.err
}

// measure looks at the model, where there is one and molecules to look at it by.
func (s *Source) measure(ctx context.Context) (*signs.Measured, error) {
	if s.Model == nil || len(s.HeldOut) == 0 {
		return nil, nil
	}
	e, o := s.Effort, s.How
	if e.Molecules == 0 {
		e = signs.Usual
	}
	o.Told, o.Net, o.Together = nil, nil, 0 // on the processor, wherever the sample was drawn
	return signs.Measure(ctx, s.Model, o, s.HeldOut, e)
}

// load fills in the style, the scripts and what they show.
func (v *view) load(g *Gallery, films [][]Frame) error {
	good, bad := g.good, g.bad
	molecules, err := json.Marshal(map[string]any{"good": append([]Shown{}, good...), "bad": append([]Shown{}, bad...), "films": append([][]Frame{}, films...)})
	if err != nil {
		return err
	}
	viewer, err := threedmol.Script()
	if err != nil {
		return err
	}
	style, err := assets.ReadFile("assets/style.css")
	if err != nil {
		return err
	}
	script, err := assets.ReadFile("assets/page.js")
	if err != nil {
		return err
	}
	v.Style, v.Molecules = template.CSS(style), template.JS(molecules) // json.Marshal escapes < and >
	v.ThreeDmol, v.Viewer, v.Page = template.JS(viewer), template.JS(threedmol.Viewer), template.JS(script)
	v.Licence = "3Dmol.js " + threedmol.Version + "\n\n" + threedmol.Licence
	return nil
}
