package run

import (
	"errors"

	"equifm/cmd/internal/report"
	"equifm/egnn/trained"
)

// Result is what a run has come to, for programs.
type Result struct {
	Run        string   `json:"run,omitempty"` // its folder; a dry run has none
	Name       string   `json:"name"`
	Step       int      `json:"step"` // taken so far
	Steps      int      `json:"steps"`
	Molecules  int      `json:"molecules"`  // that are learned from
	Parameters int      `json:"parameters"` // of the network
	Loss       *float64 `json:"loss,omitempty"`
	Valid      *float64 `json:"valid_loss,omitempty"` // of held-out molecules, at the last checkpoint
	CPU        float64  `json:"cpu_seconds"`          // of all processors, since the run began
	Checkpoint string   `json:"checkpoint,omitempty"`
	Stopped    string   `json:"stopped,omitempty"` // why it ended before its time

	SecondsPerStep float64 `json:"seconds_per_step,omitempty"` // of a dry run
	Seconds        float64 `json:"seconds_expected,omitempty"` // of all its steps, without the sample

	Sample *report.Report `json:"sample,omitempty"` // as metrics.json has it
	Files  []string       `json:"files,omitempty"`  // of the sample, in the folder
}

// Result sums the run up; err is what it ended with.
func (r *Run) Result(err error) Result {
	out := Result{Run: r.Dir, Name: r.Config.Name, Step: r.Trainer.Steps, Steps: r.Config.Train.Steps, Molecules: r.count(),
		Parameters: len(r.Model.Field.Params().Data), CPU: r.cpu(), SecondsPerStep: r.perStep, Seconds: r.perStep * float64(r.Config.Train.Steps)}
	if r.last != nil {
		out.Loss = &r.last.Loss
		if r.last.Valid != nil {
			out.Valid = &r.last.Valid.Loss
		}
	}
	if r.Dir != "" && r.Model.Step > 0 {
		out.Checkpoint = r.path(trained.Checkpoint)
	}
	if stopped, cut := new(Stopped), new(Cut); errors.As(err, &stopped) || errors.As(err, &cut) {
		out.Stopped = err.Error()
	}
	if r.worth != nil {
		out.Sample, out.Files = r.worth, []string{"samples.sdf", "samples.xyz", "samples.svg", "metrics.json"}
		if r.shown {
			out.Files = append(out.Files, reports...)
		}
	}
	return out
}
