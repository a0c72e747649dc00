package run

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"equifm/flow"

	"equifm/cmd/internal/files"
)

// entry is a line of log.jsonl: means over the steps since the last line.
type entry struct {
	Step      int     `json:"step"`
	Loss      float64 `json:"loss"`
	X         float64 `json:"x"`              // |q̂_x - q_x|², Å², per atom
	H         float64 `json:"h"`              // |q̂_h - q_h|² per atom
	Angle     float64 `json:"angle"`          // 1 - cos
	Pair      float64 `json:"pair,omitempty"` // loss on short distances
	Norm      float64 `json:"norm"`           // of the gradient, before clipping
	LR        float64 `json:"lr"`
	Molecules float64 `json:"molecules_per_second"`
	Seconds   float64 `json:"seconds"` // since the program started

	CPU float64 `json:"cpu_seconds"` // of all processors, since the run began

	XByT tenths `json:"x_by_t"` // x of the molecules in each tenth of t; null where none was
	HByT tenths `json:"h_by_t"`

	Valid *held `json:"valid,omitempty"` // of held-out molecules under the averaged weights, at checkpoints
}

// tenths are means by tenths of t.
type tenths [flow.TimeBins]*float64

// held is the loss of held-out molecules, at uniform times and with the published
// weights whatever training has, so that runs compare.
type held struct {
	Loss  float64                `json:"loss"`
	X     float64                `json:"x"`
	H     float64                `json:"h"`
	Angle float64                `json:"angle"`
	XByT  [flow.TimeBins]float64 `json:"x_by_t"` // by tenths of t
	HByT  [flow.TimeBins]float64 `json:"h_by_t"`
}

// say puts a line on the screen and in the log. An error is the log's.
func (r *Run) say(e entry) error {
	r.last = &e
	left, _ := r.line.Left()
	fmt.Fprintf(r.screen, "step %*d/%d  loss %7.4f  x %7.4f  h %7.4f  angle %6.4f  |g| %7.3f  %6.0f molecules/s  %s left\n",
		len(fmt.Sprint(r.Config.Train.Steps)), e.Step, r.Config.Train.Steps, e.Loss, e.X, e.H, e.Angle, e.Norm, e.Molecules, left)
	if e.Valid != nil {
		fmt.Fprintf(r.screen, "  loss of %d molecules held out, averaged weights: %.4f\n", len(r.Valid), e.Valid.Loss)
	}
	if r.log == nil {
		return nil
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = r.log.Write(append(line, '\n'))
	return err
}

// openLog opens log.jsonl behind its lines of steps up to the checkpoint's: steps
// taken again are not logged twice. Lines that are none, as a crash or a disk may
// leave, move to log.damaged.
func (r *Run) openLog() error {
	path := r.path("log.jsonl")
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	kept, damaged, last := sift(text, r.Model.Step)
	if last.Step > 0 {
		r.last = &last // until there is another
	}
	if len(damaged) > 0 {
		if err := files.Append(r.path("log.damaged"), damaged); err != nil {
			return err
		}
		fmt.Fprintf(r.screen, "note: lines of log.jsonl that are damaged, %d bytes, are now in log.damaged\n", len(damaged))
	}
	if !bytes.Equal(kept, text) {
		if err := files.Replace(path, func(w io.Writer) error {
			_, err := w.Write(kept)
			return err
		}); err != nil {
			return err
		}
	}
	r.log, err = files.OpenLog(path)
	return err
}

// sift returns the lines of a log up to a step, those that are no lines of a log at all,
// and what the last one kept says, step 0 for none.
func sift(text []byte, last int) (kept, damaged []byte, end entry) {
	for line := range bytes.Lines(text) {
		whole := append(bytes.TrimSuffix(line, []byte("\n")), '\n')
		var e entry
		switch err := json.Unmarshal(line, &e); {
		case err != nil || e.Step < 1:
			damaged = append(damaged, whole...)
		case e.Step <= last:
			kept, end = append(kept, whole...), e
		}
	}
	return kept, damaged, end
}
