package signs

import (
	"fmt"
	"strings"
)

// Level is how a finding is to be taken.
type Level int

const (
	Sound Level = iota // nothing of it
	Watch              // something that goes with the failure is there, the failure is not
	Sign               // the failure is there
)

// String returns a word.
func (l Level) String() string { return [...]string{"sound", "watch", "sign"}[l] }

// Finding is what is said of one sign.
type Finding struct {
	Sign     string // which
	Level    Level
	Says     string // in a sentence or two
	Evidence []Evidence
}

// Evidence is a figure that a finding rests on.
type Evidence struct {
	What  string
	Is    string // the figure
	Usual string // the bound that it is held against
	Off   bool   // it is beyond

	cause string // what is off, in words, for the sentence
}

// Read returns the three findings, or as many as can be told without a model.
func Read(c Case) []Finding {
	findings := []Finding{c.atoms(), c.molecules()}
	if c.Model != nil {
		findings = append(findings, c.sampling())
	}
	return findings
}

// conclude sets the level, and says what was found: whether the failure is there, and
// what is off, or what other than that may be why.
func conclude(f Finding, failed bool, symptom, other string) Finding {
	var causes []string
	for _, e := range f.Evidence {
		if e.Off {
			causes = append(causes, e.cause)
		}
	}
	why := strings.Join(causes, "; ")
	switch {
	case failed && why != "":
		f.Level, f.Says = Sign, fmt.Sprintf("%s. Off the usual: %s.", symptom, why)
	case failed && len(f.Evidence) > 0:
		f.Level, f.Says = Sign, fmt.Sprintf("%s. What goes with it is as usual, so that nothing measured here explains it: %s may.", symptom, other)
	case failed:
		f.Level, f.Says = Sign, symptom+"."
	case why != "":
		f.Level, f.Says = Watch, fmt.Sprintf("%s. Yet off the usual: %s.", symptom, why)
	default:
		f.Says = symptom + "."
	}
	return f
}

// percent writes a share.
func percent(v float64) string { return fmt.Sprintf("%.1f%%", v) }
