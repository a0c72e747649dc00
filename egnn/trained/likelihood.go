package trained

import (
	"errors"
	"fmt"
	"math"
	"runtime"

	"equifm/datasets"
	"equifm/flow"
	"equifm/flow/likelihood"
	"equifm/flow/ode"
	"equifm/molecule"
	"equifm/nn/parallel"
)

// LikelihoodOptions say how log p is computed. Start from Model.LikelihoodOptions.
type LikelihoodOptions struct {
	End        float64          // time at which types are decided; sample.end
	Trace      likelihood.Trace // exact, or by random directions
	Probes     int              // random directions of a draw
	Draws      int              // of the noise at the end time, of a molecule
	RTol, ATol float64          // of dopri5
	Seed       uint64
	Workers    int            // goroutines; changes the speed, not one bit of the result
	Ranks      parallel.Ranks // processes that share the molecules out, or nil; see Options
}

// LikelihoodOptions returns the end and tolerances of the model's configuration, one
// probe of one draw, and a worker for every processor.
func (m *Model) LikelihoodOptions() LikelihoodOptions {
	s := m.Config.Sample
	return LikelihoodOptions{End: s.End, Probes: 1, Draws: 1, RTol: s.RTol, ATol: s.ATol, Workers: runtime.GOMAXPROCS(0)}
}

// Likelihood is log p of a molecule, nat: Bound.LogP of its positions, in Å, and
// elements, given N, and LogSize of N. Both together are log p of the molecule.
type Likelihood struct {
	likelihood.Bound
	Dimensions int     // D = 3(N-1) + F·N
	LogSize    float64 // log p(N); -Inf of a size that the training set does not have
}

// Likelihood returns log p of molecules, in order. An element that the model does not
// know is an error.
func (m *Model) Likelihood(molecules []*molecule.Molecule, o LikelihoodOptions) ([]Likelihood, error) {
	if err := m.hasLikelihood(); err != nil {
		return nil, err
	}
	v := m.Config.Vocabulary()
	states := make([]flow.State[float64], len(molecules))
	for i, x := range molecules {
		if x.Len() == 0 || x.Len() > mostAtoms {
			return nil, fmt.Errorf("molecule %d has %d atoms, expected 1 to %d", i+1, x.Len(), mostAtoms)
		}
		var err error
		if states[i].X, states[i].H, err = datasets.Encode[float64](v, x); err != nil {
			return nil, fmt.Errorf("molecule %d: %w", i+1, err)
		}
	}
	bounds, err := m.flowOf(o).Bound(states)
	if err != nil {
		return nil, err
	}
	out := make([]Likelihood, len(bounds))
	for i, b := range bounds {
		out[i] = Likelihood{b, likelihood.Dimensions(b.Atoms, v.Features()), math.Log(m.Sizes.Prob(b.Atoms))}
	}
	return out, nil
}

// hasLikelihood returns an error for a model whose likelihood is not computed.
func (m *Model) hasLikelihood() error {
	path, output, prior := m.Config.FlowPath(), m.Config.Output, m.Config.Path.Prior
	switch {
	case m.Condition != nil:
		return fmt.Errorf("likelihood: a model of %s is made for given values of it; expected condition.property = \"\"", m.Config.Condition.Property)
	case output.X == flow.CoordinatePreconditioned || output.H == flow.FeaturePreconditioned:
		return errors.New("likelihood: not computed with output.x or output.h = \"preconditioned\"")
	case path.X.At(1).Sigma > prior || path.H.At(1).Sigma > 1:
		return errors.New("likelihood: not computed on a path whose noise at t = 1 is wider than its prior, as that of path.x = \"ve\"")
	}
	return nil
}

// flowOf returns the model as a flow whose likelihood can be asked.
func (m *Model) flowOf(o LikelihoodOptions) *likelihood.Flow[float32] {
	v := m.Config.Vocabulary()
	cells := likelihood.Cells{Height: v.TypeHeight()}
	if v.Types {
		cells.Types = len(v.Elements)
	}
	if v.AtomicNumber {
		cells.Whole = 1 / v.NumberUnit()
	}
	return &likelihood.Flow[float32]{Net: m.Field, Params: m.Average, Path: m.FlowPath(), Output: m.Config.FlowOutput(m.Moments),
		Features: v.Features(), Context: m.Config.Train.Told(), Cells: cells, End: o.End, Trace: o.Trace, Probes: o.Probes, Draws: o.Draws,
		Control: ode.Control{RTol: o.RTol, ATol: o.ATol}, Seed: o.Seed, Workers: o.Workers, Ranks: o.Ranks}
}
