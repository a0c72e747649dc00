package config

import (
	"equifm/datasets"
	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
)

// QM9Address is where QM9 is published (figshare, doi 10.6084/m9.figshare.978904).
const QM9Address = "https://springernature.figshare.com/ndownloader/files/3195389"

// Default is EquiFM on QM9 as its published code has it (arXiv 2312.07168,
// section 5): the network, path, loss, transport and optimiser. A key that a file
// leaves out takes its value here, so that nothing done to a preset changes
// another configuration. What the paper does not say (steps, logs, the sample at
// the end) is ours.
func Default() Config {
	network := egnn.QM9()
	network.Features = 0 // by the vocabulary
	return Config{
		Name:    "run",
		Seed:    1,
		Data:    Data{Source: "builtin", Split: "train", Vocabulary: QM9, Channels: Published, TypeHeight: datasets.TypeHeight, NumberUnit: datasets.NumberUnit, SplitBy: Molecule, Half: Whole, Atoms: "", Address: QM9Address},
		Network: network,
		Path:    Path{X: "linear", H: "vp-linear", Prior: 1},
		Output:  Output{X: flow.CoordinateVelocity, H: flow.FeatureVelocity},
		Loss:    Loss{Angle: 1, Features: 1, Pair: 0, PairCutoff: 2, PairUntil: 0.5},
		EOT:     EOT{Mode: eot.Both, Tolerance: 0, Rounds: 100},
		Train: Train{
			Steps: 312_500, Batch: 64, Shard: 8, Groups: 1, Balance: Atoms, Rotate: false, GivenTypes: 0, GivenParts: 0,
			Optimizer: AdamW, MuonPoles: 0, LR: 1e-4, Warmup: 0, Decay: Constant, Cooldown: 0, WeightDecay: 1e-12, AMSGrad: true,
			EMA: 0.9999, EMAWarmup: false,
			Time: flow.Uniform, TimeMean: -1.2, TimeStd: 1.2, TimePower: 0,
			ScheduleEvery: 100, ScheduleUntil: 0.5,
			LogEvery: 50, CheckpointEvery: 500,
		},
		Sample: Sample{
			Number: 1000, Solver: flow.Dopri5, Steps: 100, Grid: flow.GridUniform, RTol: 1e-4, ATol: 1e-4, Error: ByNumber, End: 0.01,
			Eta: 0, Churn: 1.2, ChurnFrom: 0.75, ChurnTo: 0.03, Guidance: 0, TypesFrom: 1, Resample: 1,
		},
	}
}
