package signs

import (
	"fmt"
	"math"
	"strings"

	"equifm/cmd/internal/measure"
	"equifm/molecule/metrics"
)

// Bounds of the usual. Types have settled where settledTypes of the atoms are right in
// what the network sees behind the true state, positions where its atoms are settledX from
// the truth: single and double bonds of carbon are 0.2 Å apart.
const (
	settledTypes = 95.0 // %
	settledX     = 0.2  // Å
	mostApart    = 0.25 // of t, between the two
	mostTorn     = 2.0  // % of atoms, at the last t
	mostBias     = 0.1  // of a one-hot's height, or of a step of Z, at the last t
	mostRepaired = 0.8  // of unstable molecules: of half it is so by chance, as nitrogen does for a carbon that lacks a hydrogen
)

// molecules is low molecule stability: positions and types do not go together.
func (c Case) molecules() Finding {
	f := Finding{Sign: "Molecule stability"}
	if m := c.Model; m != nil {
		f.Evidence = append(f.Evidence, m.settling(), m.errors(c.MeanSize))
		if m.Numbered {
			f.Evidence = append(f.Evidence, m.torn())
		}
		f.Evidence = append(f.Evidence, m.bias())
	}
	if c.Repaired.N > 0 {
		f.Evidence = append(f.Evidence, c.repaired())
	}
	low, says := c.low("molecule_stability", "molecules", moleculesBelow)
	return conclude(f, low, says, learning)
}

func wrongTypes(p measure.Probed) float64 { return 100 - p.Types }
func offset(p measure.Probed) float64     { return p.X }

// settling says which comes first on the way to data.
func (m *Measured) settling() Evidence {
	types, typesDo := m.Settled(wrongTypes, 100-settledTypes)
	x, xDo := m.Settled(offset, settledX)
	last := m.Field[len(m.Field)-1].T
	e := Evidence{What: fmt.Sprintf("where %.0f%% of types are right, and where atoms are within %g Å", settledTypes, settledX),
		Usual: fmt.Sprintf("within %g of each other", mostApart)}
	said := func(t float64, do bool) string {
		if !do {
			return fmt.Sprintf("not by t = %g", last)
		}
		return fmt.Sprintf("t = %.2f", t)
	}
	e.Is = fmt.Sprintf("types %s, positions %s", said(types, typesDo), said(x, xDo))
	switch {
	case !typesDo && xDo:
		e.Off, e.cause = true, fmt.Sprintf("positions settle and types do not (%.1f%% are right at t = %g)", m.Field[len(m.Field)-1].Types, last)
	case typesDo && !xDo:
		e.Off, e.cause = true, fmt.Sprintf("types settle and positions do not (%.2f Å off at t = %g)", m.Field[len(m.Field)-1].X, last)
	case !typesDo:
		e.Off, e.cause = true, fmt.Sprintf("neither types nor positions settle by t = %g", last)
	case types-x > mostApart:
		e.Off, e.cause = true, fmt.Sprintf("types settle long before positions (t = %.2f and %.2f)", types, x)
	case x-types > mostApart:
		e.Off, e.cause = true, fmt.Sprintf("types settle long after positions (t = %.2f and %.2f)", types, x)
	}
	return e
}

// errors is what is left at the last time.
func (m *Measured) errors(atoms float64) Evidence {
	p := m.Field[len(m.Field)-1]
	all := 100 * math.Pow(p.Types/100, atoms)
	return Evidence{What: fmt.Sprintf("what is still wrong at t = %g", p.T),
		Is:    fmt.Sprintf("atoms %.3f Å off; %.1f%% of types right, which of %.0f atoms leaves %.0f%% of molecules whole", p.X, p.Types, atoms, all),
		Usual: fmt.Sprintf("below %g Å, %g%% or more", settledX/2, settledTypes+3),
		Off:   p.X >= settledX/2 || surely(100-p.Types, p.Atoms) > 97-settledTypes,
		cause: fmt.Sprintf("at t = %g atoms are still %.2f Å off and %.1f%% of types wrong", p.T, p.X, 100-p.Types)}
}

// surely is the lower end of the 95% interval of a percentage of so many atoms.
func surely(percentage float64, atoms int) float64 {
	low, _ := metrics.Share{K: int(math.Round(percentage / 100 * float64(atoms))), N: atoms}.Wilson()
	return 100 * low
}

// torn is whether the channels of the features agree.
func (m *Measured) torn() Evidence {
	p := m.Field[len(m.Field)-1]
	return Evidence{What: fmt.Sprintf("atoms whose one-hot and Z name two elements, at t = %g", p.T), Is: percent(p.Torn),
		Usual: "below " + percent(mostTorn), Off: surely(p.Torn, p.Atoms) >= mostTorn,
		cause: fmt.Sprintf("the channels of %.1f%% of atoms disagree", p.Torn)}
}

// bias is how far channels are off in the mean.
func (m *Measured) bias() Evidence {
	p := m.Field[len(m.Field)-1]
	worst := 0
	var off []string
	for k, b := range p.Bias {
		if math.Abs(b) > math.Abs(p.Bias[worst]) {
			worst = k
		}
		if math.Abs(b) >= mostBias {
			off = append(off, fmt.Sprintf("%s by %+.2f", m.Channels[k], b))
		}
	}
	return Evidence{What: fmt.Sprintf("mean of ĥ₀ less that of the data, at t = %g", p.T),
		Is:    fmt.Sprintf("%+.3f at most, of channel %s", p.Bias[worst], m.Channels[worst]),
		Usual: fmt.Sprintf("within %g of a type's height or a step of Z", mostBias), Off: len(off) > 0,
		cause: "features are shifted: " + strings.Join(off, ", ")}
}

// repaired tells types from positions in the sample itself.
func (c Case) repaired() Evidence {
	v := c.Repaired.Value()
	return Evidence{What: "unstable molecules that another element at one atom would make stable",
		Is:    fmt.Sprintf("%d of %d", c.Repaired.K, c.Repaired.N),
		Usual: fmt.Sprintf("below %.0f%%", 100*mostRepaired), Off: c.Repaired.N >= 5 && v >= mostRepaired,
		cause: fmt.Sprintf("another element at one atom would make %.0f%% of unstable molecules stable", 100*v)}
}
