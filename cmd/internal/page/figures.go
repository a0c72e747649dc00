package page

import (
	"equifm/molecule/metrics"
)

// Figure is a row of the table of metrics, in percent.
type Figure struct {
	Key, Meaning     string
	Value, Low, High float64
	Share            metrics.Share
	Data, Paper      *Percent // nil where there is none
}

// Percent is a share that may not be there.
type Percent struct{ Is float64 }

// ofPaper is what EquiFM's authors report of QM9 (Song et al. 2023, table 1), 10,000
// molecules of about 200 evaluations each, judged by the same protocol.
var ofPaper = map[string]float64{"atom_stability": 98.9, "molecule_stability": 88.3, "validity": 94.7, "valid_unique": 93.5}

// figures lists the metrics, and writes them down.
func (b *book) figures(s *Source, data *metrics.Totals) (rows []Figure) {
	for _, m := range metrics.Table {
		key := m.Key
		share, ok := s.Report.Counts[key]
		if !ok || share.N == 0 || key == "all_single_validity" {
			continue
		}
		i := s.Report.Intervals[key]
		f := Figure{Key: key, Meaning: m.Meaning(), Share: share, Value: 100 * share.Value(), Low: 100 * i[0], High: 100 * i[1]}
		if data != nil && data.Counts[key].N > 0 && key != "novelty" && key != "near_training" {
			v := 100 * data.Counts[key].Value()
			f.Data = &Percent{v}
			b.point("metrics, %", key, "data", v)
		}
		if v, ok := ofPaper[key]; ok && s.onQM9() {
			f.Paper = &Percent{v}
			b.point("metrics, %", key, "paper", v)
		}
		b.add("metrics, %", key, "sample", f.Value, f.Low, f.High)
		rows = append(rows, f)
	}
	return rows
}

// onQM9 says whether the paper's figures are of such molecules.
func (s *Source) onQM9() bool { return s.Model != nil && s.Model.Config.Data.Vocabulary == "qm9" }
