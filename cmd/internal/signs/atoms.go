package signs

import (
	"fmt"
)

// Bounds of the usual.
const (
	atomsBelow     = 5.0  // percentage points that stable atoms may be below the data's
	moleculesBelow = 20.0 // and stable molecules
	allOf          = 100  // the data's, where they are not known
	leastGained    = 0.5  // of what transport can save
	leastShare     = 0.5  // of the evaluations of the adaptive solver
	mostTurned     = 1e-3 // of |v|; single precision leaves some 1e-6
)

// low says whether a share is below what is usual, its interval and all, and how it is.
func (c Case) low(key, name string, below float64) (bool, string) {
	s, data, of := c.Sample.Counts[key], float64(allOf), "100%"
	if c.Data != nil && c.Data.Counts[key].N > 0 {
		data = 100 * c.Data.Counts[key].Value()
		of = fmt.Sprintf("the data's %.1f%%", data)
	}
	if s.N == 0 {
		return false, "There are no molecules to tell by"
	}
	high := 100 * c.Sample.Intervals[key][1]
	low := high < data-below
	apart := fmt.Sprintf("within %g points of", below)
	switch {
	case low:
		apart = fmt.Sprintf("more than %g points below", below)
	case 100*s.Value() < data-below:
		apart = fmt.Sprintf("too few to tell whether more than %g points below", below)
	}
	return low, fmt.Sprintf("%.1f%% of the %s are stable [%.1f, %.1f], %s %s", 100*s.Value(), name, 100*c.Sample.Intervals[key][0], high, apart, of)
}

// atoms is low atom stability: the field leads to places where no molecule is.
func (c Case) atoms() Finding {
	f := Finding{Sign: "Atom stability"}
	if c.Model != nil {
		f.Evidence = []Evidence{c.Model.Transport.evidence(), c.Model.turned()}
		if c.NFE > 0 {
			f.Evidence = append(f.Evidence, c.few())
		}
	}
	low, says := c.low("atom_stability", "atoms", atomsBelow)
	return conclude(f, low, says, learning)
}

// learning is what may be why where nothing else is.
const learning = "longer training or a larger network"

// few is whether the sample took fewer evaluations than the field asks for.
func (c Case) few() Evidence {
	asked := leastShare * c.Model.Adaptive.NFE
	return Evidence{What: "evaluations that a molecule was drawn by", Is: fmt.Sprint(c.NFE), Usual: fmt.Sprintf("%.0f or more, half of what the adaptive solver takes", asked),
		Off: float64(c.NFE) < asked, cause: fmt.Sprintf("%d evaluations are few where the adaptive solver takes %.0f", c.NFE, c.Model.Adaptive.NFE)}
}

// evidence holds the transport against how samples are drawn. A field is followed without
// noise where it is nearly straight, which transport makes it; with noise put back it must
// not have been, for noise and data have then to be independent.
func (t Transport) evidence() Evidence {
	e := Evidence{What: fmt.Sprintf("squared distance of noise and data, eot.mode = %q", t.Mode),
		Is: fmt.Sprintf("%.2f Å² an atom, %.0f%% of the way from %.2f without transport to %.2f with all of it", t.Own, 100*t.Gained(), t.Without, t.Best)}
	if t.Noisy {
		e.Usual = fmt.Sprintf("below %.0f%%, as %s puts noise back", 100*leastGained, t.Solver)
		e.Off = t.Gained() >= leastGained
		e.cause = fmt.Sprintf("the model was trained with transport (%.0f%% of what it can save), and %s puts noise back, which needs independent noise", 100*t.Gained(), t.Solver)
		return e
	}
	e.Usual = fmt.Sprintf("%.0f%% or more, as %s puts no noise back", 100*leastGained, t.Solver)
	e.Off = t.Gained() < leastGained
	e.cause = fmt.Sprintf("transport saves %.0f%% of what it can, so that ways cross, and %s puts no noise back", 100*t.Gained(), t.Solver)
	return e
}

// turned is how far the field is from turning with its input.
func (m *Measured) turned() Evidence {
	most, at := 0.0, 0.0
	for _, p := range m.Field {
		if !(p.Turned <= most) {
			most, at = p.Turned, p.T
		}
	}
	return Evidence{What: "error of equivariance, |v(R·y) − R·v(y)| / |v|", Is: fmt.Sprintf("%.1e at most, at t = %g", most, at),
		Usual: fmt.Sprintf("below %g", mostTurned), Off: !(most < mostTurned),
		cause: fmt.Sprintf("turned molecules get another velocity (%.1e of it at t = %g)", most, at)}
}
