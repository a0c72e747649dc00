package page

import (
	"equifm/cmd/internal/report"
	"equifm/cmd/internal/signs"
	"equifm/egnn/trained"
	"equifm/flow"
	"equifm/molecule/metrics"
)

// Source is what a page is made of. All but Title, Report, Shapes and Gallery may be
// missing.
type Source struct {
	Title   string
	Report  report.Report
	Shapes  *metrics.Shapes // of the sample
	Gallery *Gallery

	Data     *report.Evaluation // of the molecules learned from, or held against
	DataName string

	Model   *trained.Model
	How     trained.Options // the sample was drawn by
	HeldOut []flow.Example[float32]
	Losses  []Loss       // of the training, as it went
	Effort  signs.Effort // of looking at the model; signs.Usual where it is zero
}
