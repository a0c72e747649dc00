package trained

import (
	"equifm/molecule"
	"equifm/molecule/metrics"
)

// Judge judges molecules by the bond lengths of the model's elements, in order.
// metrics.Tally counts what it returns.
func (m *Model) Judge(molecules []*molecule.Molecule) []metrics.Judgement {
	judger := metrics.Judger{Table: m.Config.Bonds()}
	return judger.JudgeAll(molecules)
}
