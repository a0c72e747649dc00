package signs

import (
	"slices"
	"strings"
	"testing"

	"equifm/autograd"
	"equifm/datasets"
	"equifm/egnn/trained"
	"equifm/egnn/trained/config"
	"equifm/eot"
	"equifm/flow"
	"equifm/molecule"
	"equifm/molecule/bonds"
	"equifm/molecule/metrics"
	"equifm/nn"
)

// knowing is a network that knows the one molecule there is: behind a state it sees that
// molecule in the pose nearest to it, and its elements from some time on. It is equivariant,
// and all that a field can be. What is planted goes into its answer.
type knowing struct {
	flow.Network[float32]
	path  flow.Path
	one   flow.Example[float32]
	size  float64 // times the molecule that is seen
	known float64 // t from which on it is known which atom is which element
	plant func(x, fx, fh []float32)
}

func (k knowing) Forward(t *autograd.Tape[float32], _ nn.View[float32], sizes []int, x, h, cond *autograd.Tensor[float32]) (fx, fh *autograd.Tensor[float32], err error) {
	fx, fh = t.Const(x.Rows, x.Cols, make([]float32, len(x.Data))), t.Const(h.Rows, h.Cols, slices.Repeat(k.one.H, len(sizes)))
	c := k.path.X.At(float64(cond.Data[0]))
	if float64(cond.Data[0]) > k.known {
		k.types(fh.Data)
	}
	for first := 0; first < len(x.Data); first += len(k.one.X) {
		end := first + len(k.one.X)
		pose, err := nearest(k.one.X, x.Data[first:end])
		if err != nil {
			return nil, nil, err
		}
		for i, v := range pose {
			fx.Data[first+i] = float32((k.size*v - c.EndState*float64(x.Data[first+i])) / c.EndQ)
		}
	}
	if k.plant != nil {
		k.plant(x.Data, fx.Data, fh.Data)
	}
	return fx, fh, nil
}

// types writes what is known of all atoms before it is known which is which: their mean.
func (k knowing) types(mean []float32) {
	f := 3 * len(k.one.H) / len(k.one.X)
	atoms := len(k.one.H) / f
	for i := range mean {
		mean[i] = 0
		for a := range atoms {
			mean[i] += k.one.H[f*a+i%f] / float32(atoms)
		}
	}
}

// nearest turns a molecule to lie as near as can be to a state.
func nearest(molecule, state []float32) ([]float64, error) {
	from, to := make([]float64, len(molecule)), make([]float64, len(molecule))
	for i := range molecule {
		from[i], to[i] = float64(molecule[i]), float64(state[i])
	}
	r, err := eot.Rotation(from, to)
	for i := 0; i < len(from); i += 3 {
		from[i], from[i+1], from[i+2] = r.Apply(from[i], from[i+1], from[i+2])
	}
	return from, err
}

// little is an effort for tests.
var little = Effort{Molecules: 8, Times: []float64{0.9, 0.5, 0.3, 0.2, 0.1, 0.05}, Ways: 2, Most: 420}

// one returns a model of one molecule of QM9, with that molecule many times.
func one(t *testing.T) (*trained.Model, []flow.Example[float32]) {
	t.Helper()
	set, err := datasets.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(set.Molecules, func(m molecule.Molecule) bool { return m.Len() == 12 })
	c := config.Default()
	c.Network.Hidden, c.Network.Layers, c.Output.H = 4, 1, flow.FeatureEndPoint
	m, err := trained.New(c, datasets.SizeHistogram(set.Molecules[at:at+1]), flow.Moments{})
	if err != nil {
		t.Fatal(err)
	}
	x, h, err := datasets.Encode[float32](c.Vocabulary(), &set.Molecules[at])
	if err != nil {
		t.Fatal(err)
	}
	return m, slices.Repeat([]flow.Example[float32]{{State: flow.State[float32]{X: x, H: h}}}, little.Molecules)
}

// totals is a sample of which so many of 1,000 atoms and of 100 molecules are stable.
func totals(atoms, molecules int) metrics.Totals {
	out := metrics.Totals{Counts: map[string]metrics.Share{}, Intervals: map[string][2]float64{}}
	for key, s := range map[string]metrics.Share{"atom_stability": {K: atoms, N: 1000}, "molecule_stability": {K: molecules, N: 100}} {
		low, high := s.Wilson()
		out.Counts[key], out.Intervals[key] = s, [2]float64{low, high}
	}
	return out
}

// Each sign fires where its fault is planted, names it, and no other does; none fires of a
// sound model. Atoms, molecules and sampling are the levels that are expected.
func TestSigns(t *testing.T) {
	data := totals(994, 96)
	good, badAtoms, badMolecules := totals(990, 90), totals(700, 5), totals(970, 40)
	for _, c := range []struct {
		name   string
		sample metrics.Totals
		levels [3]Level
		says   []string // somewhere in the findings
		mode   eot.Mode
		solver flow.Solver
		fault  func(k *knowing)
		nfe    int
	}{
		{name: "sound", sample: good, solver: flow.DPM},
		{name: "sound, with transport and without noise", sample: good, mode: eot.Both, solver: flow.Euler,
			fault: func(k *knowing) { k.known = 1 }}, // as are positions
		{name: "transport off", sample: badAtoms, levels: [3]Level{Sign, Sign, Sound}, says: []string{"transport saves 0% of what it can"}, solver: flow.Euler},
		{name: "transport off, and no harm", sample: good, levels: [3]Level{Watch, Sound, Sound}, says: []string{"Yet off the usual: transport saves 0%"}, solver: flow.Euler},
		{name: "noise put back after transport", sample: badAtoms, levels: [3]Level{Sign, Sign, Sound}, says: []string{"dpm puts noise back, which needs independent noise"}, mode: eot.Both, solver: flow.DPM},
		{name: "too few steps", sample: badAtoms, levels: [3]Level{Sign, Sign, Sound}, says: []string{"12 evaluations are few where the adaptive solver takes"}, solver: flow.DPM, nfe: 12},
		{name: "a direction of space", sample: badAtoms, levels: [3]Level{Sign, Sign, Sound}, says: []string{"turned molecules get another velocity"}, solver: flow.DPM,
			fault: func(k *knowing) {
				k.plant = func(x, fx, _ []float32) {
					for i := 0; i < len(x); i += 3 {
						fx[i] += 0.02 * x[i+2]
					}
				}
			}},
		{name: "features shifted", sample: badMolecules, levels: [3]Level{Sound, Sign, Sound},
			says: []string{"features are shifted: C by +1.00", "positions settle and types do not", "the channels of", "disagree"}, solver: flow.DPM,
			fault: func(k *knowing) {
				k.plant = func(_, _, fh []float32) {
					for i := 1; i < len(fh); i += 6 {
						fh[i] += 0.25
					}
				}
			}},
		{name: "positions that never settle", sample: badMolecules, levels: [3]Level{Sound, Sign, Sound}, says: []string{"types settle and positions do not"}, solver: flow.DPM,
			fault: func(k *knowing) { k.size = 1.5 }},
		{name: "types before positions", sample: badMolecules, levels: [3]Level{Sound, Sign, Sound}, says: []string{"types settle long before positions"}, solver: flow.DPM,
			fault: func(k *knowing) { k.known = 1 }},
		{name: "a stiff field", sample: good, levels: [3]Level{Sound, Watch, Sign}, says: []string{"the field is stiff at t = 0.1, 0.2, 0.3, 0.5, 0.9", "given up"}, solver: flow.DPM,
			fault: func(k *knowing) {
				k.plant = func(x, fx, _ []float32) {
					for i := range fx {
						fx[i] += 300 * x[i]
					}
				}
			}},
	} {
		m, examples := one(t)
		o := m.Options()
		o.Workers, o.Seed, o.Solver, o.Eta = 2, 1, c.solver, 1
		m.Config.EOT.Mode = c.mode
		net := knowing{Network: m.Field, path: m.FlowPath(), one: examples[0], size: 1, known: 0.35}
		if c.fault != nil {
			c.fault(&net)
		}
		o.Net = net
		measured, err := Measure(t.Context(), m, o, examples, little)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var all []string
		for k, f := range Read(Case{Sample: c.sample, Data: &data, MeanSize: 18, NFE: c.nfe, Model: measured}) {
			if f.Level != c.levels[k] {
				t.Errorf("%s: %s is %v, want %v: %s %+v", c.name, f.Sign, f.Level, c.levels[k], f.Says, f.Evidence)
			}
			all = append(all, f.Says)
		}
		for _, want := range c.says {
			if !strings.Contains(strings.Join(all, "\n"), want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, strings.Join(all, "\n"))
			}
		}
	}
}

// A wrong element is told from a wrong position: methane with N for C, and with an H too far.
func TestRepair(t *testing.T) {
	methane := func(centre molecule.Element, last float64) *molecule.Molecule {
		d := 1.09 / 1.7320508
		return &molecule.Molecule{Elements: []molecule.Element{centre, 1, 1, 1, 1},
			Pos: [][3]float64{{}, {d, d, d}, {d, -d, -d}, {-d, d, -d}, {-d * last, -d * last, d * last}}}
	}
	r, judger := NewRepair(bonds.QM9(), molecule.QM9Elements()), metrics.Judger{Table: bonds.QM9()}
	for _, c := range []struct {
		m    *molecule.Molecule
		want metrics.Share
	}{{methane(molecule.C, 1), metrics.Share{}}, {methane(molecule.O, 0.88), metrics.Share{K: 1, N: 1}}, {methane(molecule.C, 3), metrics.Share{K: 1, N: 2}}} {
		j := judger.Judge(c.m)
		if r.Add(c.m, &j); r.Share != c.want {
			t.Errorf("%v of %s: repaired %+v, want %+v", c.m.Elements, c.m.Formula(), r.Share, c.want)
		}
	}
}

// Of molecules from a file alone, what the sample itself shows is all there is.
func TestWithoutModel(t *testing.T) {
	sample := totals(970, 40)
	got := Read(Case{Sample: sample, Repaired: metrics.Share{K: 50, N: 60}})
	if len(got) != 2 || got[0].Level != Sound || got[1].Level != Sign || !strings.Contains(got[1].Says, "another element at one atom would make 83% of unstable molecules stable") {
		t.Errorf("%+v", got)
	}
	if got = Read(Case{Sample: metrics.Totals{}}); got[0].Level != Sound || !strings.Contains(got[0].Says, "no molecules") {
		t.Errorf("of nothing: %+v", got)
	}
}
