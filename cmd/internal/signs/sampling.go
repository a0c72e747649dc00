package signs

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds of the usual.
const (
	mostNFE      = 400 // of dopri5; the paper speaks of about 200
	mostRejected = 0.5 // of the steps tried
	mostStiff    = 20  // times 1/t, which a field has whose end point does not ask for the state any more
)

// sampling is slow sampling: an adaptive solver needs many short steps.
func (c Case) sampling() Finding {
	f, m := Finding{Sign: "Sampling"}, c.Model
	a := m.Adaptive
	slow := a.NFE > mostNFE || a.GivenUp > 0
	says := fmt.Sprintf("The adaptive solver, dopri5 at the model's tolerances, takes %.0f evaluations of the network a molecule, of %d (up to %d is usual)", a.NFE, a.Molecules, mostNFE)
	if a.GivenUp > 0 {
		says += fmt.Sprintf(" (%d given up on the way)", a.GivenUp)
	}
	most := 0
	for k, n := range a.ByT {
		if n > a.ByT[most] {
			most = k
		}
	}
	says += fmt.Sprintf("; most of them, %.0f, at t from %.1f to %.1f", a.ByT[most], float64(most)/float64(len(a.ByT)), float64(most+1)/float64(len(a.ByT)))
	f.Evidence = []Evidence{m.rejected(), m.stiff()}
	return conclude(f, slow, says, "tight tolerances")
}

// rejected is the steps that were too long.
func (m *Measured) rejected() Evidence {
	a := m.Adaptive
	if a.GivenUp == a.Molecules {
		return Evidence{What: "steps taken back", Is: "not known: no way came to its end"}
	}
	share := a.Rejected / max(a.Steps+a.Rejected, 1)
	return Evidence{What: "steps taken back", Is: fmt.Sprintf("%.1f of %.1f tried", a.Rejected, a.Steps+a.Rejected),
		Usual: fmt.Sprintf("below %.0f%%", 100*mostRejected), Off: share >= mostRejected,
		cause: fmt.Sprintf("%.0f%% of the steps tried are taken back", 100*share)}
}

// stiff is where a small change of the state is stretched out of the usual.
func (m *Measured) stiff() Evidence {
	worst, worstBy := 0, 0.0
	var at []string
	for k, p := range m.Field {
		by := p.Stiff * p.T
		if !(by <= worstBy) {
			worst, worstBy = k, by
		}
		if !(by < mostStiff) {
			at = append(at, fmt.Sprintf("%g", p.T))
		}
	}
	slices.Reverse(at)
	p := m.Field[worst]
	return Evidence{What: "stiffness, |∂v/∂y|", Is: fmt.Sprintf("%.1f at t = %g, which is %.1f times 1/t", p.Stiff, p.T, worstBy),
		Usual: fmt.Sprintf("below %d times 1/t", mostStiff), Off: len(at) > 0,
		cause: fmt.Sprintf("the field is stiff at t = %s (%.0f, %.0f times 1/t, at t = %g)", strings.Join(at, ", "), p.Stiff, worstBy, p.T)}
}
