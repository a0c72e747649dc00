package signs

import (
	"equifm/cmd/internal/measure"
	"equifm/molecule/metrics"
)

// Case is what is known of a sample.
type Case struct {
	Sample   metrics.Totals
	Data     *metrics.Totals // of the molecules learned from; nil where they are not known
	MeanSize float64         // atoms of a molecule
	NFE      int             // evaluations of the network that a molecule was drawn by; 0 where that is not known
	Repaired metrics.Share   // of unstable molecules, those that another element at one atom would make stable
	Model    *Measured       // nil of molecules from a file
}

// Measured is what is known of a model.
type Measured struct {
	Field     []measure.Probed // by falling t
	HeldOut   int              // molecules that it was probed at
	Numbered  bool             // features have both a one-hot and Z, which may disagree
	Channels  []string         // names of the features
	Adaptive  measure.Adaptive
	Transport Transport
}

// Transport is how far noise and data are apart, Å² an atom, in the mean of molecules.
type Transport struct {
	Mode    string  // eot.mode
	Own     float64 // as the model was trained
	Without float64 // of noise as it is drawn
	Best    float64 // by assignment and rotation both
	Noisy   bool    // whether samples are drawn with noise put back
	Solver  string
}

// Gained is the part of what transport can save that was saved.
func (t Transport) Gained() float64 {
	if t.Without <= t.Best {
		return 1 // nothing to save, as of one atom
	}
	return (t.Without - t.Own) / (t.Without - t.Best)
}

// Settled returns the latest time on the way to data, interpolated, from which on a
// figure of the field is within a bound; ok is false where it is not even at the last.
func (m *Measured) Settled(of func(measure.Probed) float64, bound float64) (t float64, ok bool) {
	for k := len(m.Field) - 1; k >= 0; k-- {
		v := of(m.Field[k])
		if v <= bound {
			t, ok = m.Field[k].T, true
			continue
		}
		if !ok {
			return 0, false
		}
		before := of(m.Field[k+1])
		return t + (m.Field[k].T-t)*(bound-before)/(v-before), true
	}
	return t, ok
}
