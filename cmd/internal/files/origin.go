package files

import (
	"strconv"

	"equifm/egnn/trained"
	"equifm/molecule"
	"equifm/molecule/metrics"
)

// Origin has a molecule say where it is from and what it is worth, in its record: the
// model, what it was drawn by, and the molecule's index in the sample, from 0.
func Origin(m *molecule.Molecule, j *metrics.Judgement, model *trained.Model, how trained.Options, index, nfe int) {
	m.SetProperty("model", model.Config.Name)
	m.SetProperty("step", strconv.Itoa(model.Step))
	m.SetProperty("seed", strconv.FormatUint(how.Seed, 10))
	m.SetProperty("solver", how.Solver.String())
	m.SetProperty("nfe", strconv.Itoa(nfe))
	m.SetProperty("index", strconv.Itoa(index+1))
	m.SetProperty("stable", strconv.FormatBool(j.Stable))
	m.SetProperty("valid", strconv.FormatBool(j.Valid))
	if !j.Valid {
		m.SetProperty("reason", j.Reason)
	}
}
