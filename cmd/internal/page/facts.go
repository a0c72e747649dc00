package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"equifm/flow"
	"equifm/molecule/metrics"
)

// subtitle says in a line what the page is of.
func (s *Source) subtitle() string {
	n := fmt.Sprintf("%d molecules, %d atoms", s.Report.Molecules, s.Report.Counts["atom_stability"].N)
	if s.Model == nil {
		return n + ", as a file has them"
	}
	return n + ", drawn by equivariant flow matching"
}

// facts says where the sample is from.
func (s *Source) facts() (facts []Fact) {
	add := func(name, is string) { facts = append(facts, Fact{name, is}) }
	if m := s.Model; m != nil {
		least, most := m.Sizes.Range()
		add("Model", fmt.Sprintf("%s, %d parameters", m.Config.Name, len(m.Average)))
		add("Training", fmt.Sprintf("step %d of %d, seed %d", m.Step, m.Config.Train.Steps, m.Config.Seed))
		add("Learned from", fmt.Sprintf("%s; %s; %d to %d atoms", m.Config.Data.Source, strings.Trim(fmt.Sprint(m.Config.Vocabulary().Elements), "[]"), least, most))
		add("Path", fmt.Sprintf("x %s, h %s; transport %s", m.Config.Path.X, m.Config.Path.H, m.Config.EOT.Mode))
	}
	if q := s.Report.Sampling; q != nil {
		add("Sampling", fmt.Sprintf("%s, seed %d", s.solver(), q.Seed))
		add("Cost", fmt.Sprintf("%d evaluations of the network a molecule%s", q.NFE, rejected(q.Rejected)))
	}
	if s.DataName != "" {
		add("Held against", s.DataName)
	}
	return facts
}

func rejected(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d steps taken back", n)
}

// solver says how it was drawn.
func (s *Source) solver() string {
	o, steps := s.How, fmt.Sprintf("%d steps, %s grid", s.How.Steps, s.How.Grid)
	if o.Resample > 1 {
		steps += fmt.Sprintf(", each taken %d times", o.Resample)
	}
	switch text := o.Solver.String(); o.Solver {
	case flow.Dopri5:
		return fmt.Sprintf("%s, rtol %g, atol %g", text, o.RTol, o.ATol)
	case flow.DPM:
		return fmt.Sprintf("%s, eta %g, %s", text, o.Eta, steps)
	case flow.Stochastic, flow.Karras:
		return fmt.Sprintf("%s, churn %g, %s", text, o.Churn, steps)
	default:
		return fmt.Sprintf("%s, %s", text, steps)
	}
}

// reasons lists why molecules are not valid, the most frequent first.
func reasons(all map[string]int) (counts []Count) {
	const most = 8
	for _, what := range slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(cmp.Compare(all[b], all[a]), strings.Compare(a, b))
	}) {
		if len(counts) == most {
			return append(counts, Count{strconv.Itoa(len(all)-most) + " other reasons", 0})
		}
		counts = append(counts, Count{what, all[what]})
	}
	return counts
}

// bonds says where they are from.
func (s *Source) bonds() string {
	const byDistance = "come from distances alone, by EDM's table."
	if n := s.Report.Stated; n > 0 {
		return fmt.Sprintf("Bonds and charges of %d molecules are as the file states them; those of the others %s", n, byDistance)
	}
	return "Bonds and their orders " + byDistance
}

// apart says how far the shapes are from the data's, in the mean over kinds.
func (s *Source) apart() string {
	c := s.Report.Reference
	if c == nil {
		return ""
	}
	var parts []string
	for _, d := range []struct {
		name, unit string
		scale      float64
		metrics.Distances
	}{{"lengths", " mÅ", 1000, c.Lengths}, {"angles", "°", 1, c.Angles}, {"dihedrals", "°", 1, c.Dihedrals}} {
		if d.Mean != nil {
			parts = append(parts, fmt.Sprintf("%s %.2g%s", d.name, d.scale**d.Mean, d.unit))
		}
	}
	if parts == nil {
		return ""
	}
	return "1-Wasserstein distance from the data, mean over kinds: " + strings.Join(parts, ", ") + "."
}
