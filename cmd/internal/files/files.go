// Package files writes sets of molecules and other results, whole or not at all.
package files

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"equifm/cmd/internal/exit"
	"equifm/molecule"
	"equifm/molecule/draw"
	"equifm/molecule/formats"
	"equifm/molecule/metrics"
)

// Check returns an error where Write would have one for the path alone: no format
// goes with the name's ending, or no file can be made there. Call it before the
// work that is to be written.
func Check(path string) error {
	if err := checkName(path); err != nil {
		return err
	}
	return CheckPlace(path)
}

// CheckPlace is Check for a file of any format.
func CheckPlace(path string) error {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("%s: is a folder", path)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if at := new(fs.PathError); errors.As(err, &at) { // of a name that nobody has given
		err = at.Err
	}
	if err != nil {
		return fmt.Errorf("%s: cannot be written: %w", path, err)
	}
	f.Close()
	return os.Remove(f.Name())
}

func checkName(path string) error {
	if format, _ := formats.FormatOf(path); !slices.Contains(Formats, format) || strings.HasSuffix(strings.ToLower(path), ".mol") {
		return exit.Usage{Err: fmt.Errorf("%s: expected a name that ends in .sdf, .xyz, .smi or .svg, or one of these and .gz", path)}
	}
	return nil
}

// Formats are those that molecules are written in.
var Formats = []string{"sdf", "xyz", "smi", "svg"}

// Write writes molecules in the format of the name's ending: SDF with bonds and
// what the judgement says, extended XYZ, the canonical SMILES of the valid ones,
// or a picture of the first; a further .gz packs it. It returns how many are there. judged are their
// judgements, in order.
func Write(path string, molecules []*molecule.Molecule, judged []metrics.Judgement) (written int, err error) {
	return Stream(path, func(add Add) error { return add(molecules, judged) })
}

// Add writes molecules behind those that are there.
type Add func(molecules []*molecule.Molecule, judged []metrics.Judgement) error

// Stream is Write for molecules that come in parts, as fill adds them, and need not be in
// memory all at once. The file is at its place when fill has returned, and not if fill has
// failed.
func Stream(path string, fill func(Add) error) (written int, err error) {
	if err := checkName(path); err != nil {
		return 0, err
	}
	err = Replace(path, func(w io.Writer) error {
		format, packed := formats.FormatOf(path)
		if !packed {
			written, err = StreamTo(w, format, fill)
			return err
		}
		z := gzip.NewWriter(w)
		written, err = StreamTo(z, format, fill)
		return errors.Join(err, z.Close())
	})
	return written, err
}

// StreamTo is Stream to a writer, in one of Formats. What fill has added is written even if
// fill fails.
func StreamTo(w io.Writer, format string, fill func(Add) error) (written int, err error) {
	s := sink{w: w, format: format}
	if err := fill(s.add); err != nil {
		return s.written, err
	}
	return s.written, s.end()
}

// sink is a file of molecules that is written to.
type sink struct {
	w       io.Writer
	format  string
	written int

	first  []*molecule.Molecule // of a picture, which is drawn in the end
	judged []metrics.Judgement
}

func (s *sink) add(molecules []*molecule.Molecule, judged []metrics.Judgement) (err error) {
	n := len(molecules)
	switch s.format {
	case "sdf":
		err = WriteSDF(s.w, molecules, judged)
	case "smi":
		n, err = writeSMILES(s.w, molecules, judged)
	case "svg":
		n = min(n, drawn-len(s.first))
		s.first, s.judged = append(s.first, molecules[:n]...), append(s.judged, judged[:n]...)
	default:
		err = WriteXYZ(s.w, molecules)
	}
	s.written += n
	return err
}

func (s *sink) end() error {
	if s.format != "svg" {
		return nil
	}
	return writeSVG(s.w, s.first, s.judged)
}

// WriteXYZ writes molecules as extended XYZ.
func WriteXYZ(w io.Writer, molecules []*molecule.Molecule) error {
	x := formats.NewXYZWriter(w)
	for _, m := range molecules {
		if err := x.Write(m); err != nil {
			return err
		}
	}
	return nil
}

// WriteSDF adds the canonical SMILES, or the reason why there is none, to every
// record: invalid molecules are kept and say so.
func WriteSDF(w io.Writer, molecules []*molecule.Molecule, judged []metrics.Judgement) error {
	s := formats.NewSDFWriter(w)
	for i, m := range molecules {
		record, j := *m, &judged[i]
		record.Properties = append([]molecule.Property(nil), m.Properties...)
		record.SetProperty("stable", fmt.Sprint(j.Stable))
		record.SetProperty("valid", fmt.Sprint(j.Valid))
		if j.Valid {
			record.SetProperty("fragments", fmt.Sprint(j.Fragments))
			record.SetProperty("smiles", j.SMILES)
		} else {
			record.SetProperty("reason", j.Reason)
		}
		if err := s.Write(&record, j.Graph); err != nil {
			return err
		}
	}
	return nil
}

// writeSMILES leaves out what is not valid, for which there is no string.
func writeSMILES(w io.Writer, molecules []*molecule.Molecule, judged []metrics.Judgement) (written int, err error) {
	for i, m := range molecules {
		if j := &judged[i]; j.Valid {
			if err := formats.WriteSMILES(w, j.SMILES, m.Name); err != nil {
				return written, err
			}
			written++
		}
	}
	return written, nil
}

// drawn is the number of molecules in a picture, in so many columns.
const drawn, columns = 24, 6

// writeSVG draws molecules as they come, good or bad, and says which.
func writeSVG(w io.Writer, molecules []*molecule.Molecule, judged []metrics.Judgement) error {
	var graphs []*molecule.Graph
	var captions []string
	for i, m := range molecules {
		graphs = append(graphs, judged[i].Graph)
		captions = append(captions, m.Formula()+": "+verdict(&judged[i]))
	}
	return draw.SVG(w, molecules, graphs, captions, columns)
}

func verdict(j *metrics.Judgement) string {
	switch {
	case !j.Valid:
		return "not valid"
	case j.Fragments > 1:
		return fmt.Sprintf("%d fragments", j.Fragments)
	case j.Stable:
		return "stable"
	}
	return "valid"
}
