package config

import (
	"encoding"
	"fmt"
	"math"
	"net/url"
	"reflect"
	"strings"
	"unicode"

	"equifm/egnn"
	"equifm/eot"
	"equifm/flow"
	"equifm/flow/schedule"
)

// Check returns an error, see [Problems], that names every value out of range. Parse has
// checked what it returns; who changes a value afterwards checks again.
func (c Config) Check() error { return c.problems().err("") }

// problems finds every value out of range, and what does not go together.
func (c Config) problems() (wrong problems) {
	if strings.Trim(c.Name, ".") == "" || strings.ContainsFunc(c.Name, notInName) {
		wrong.add("name", "expected a word of letters, digits, - _ + and . to name a folder and molecules, found %s", found(c.Name))
	}
	if c.Seed > math.MaxInt64 {
		wrong.add("seed", "expected 0 to %d, the whole numbers that TOML holds, found %d", uint64(math.MaxInt64), c.Seed)
	}
	if c.Data.Vocabulary == Auto { // whatever the data have, the rest is as good
		c.Data.Vocabulary = QM9
	}
	if c.Network.NormFactor == 0 { // as their sizes have it
		c.Network.NormFactor = 1
	}
	if c.Data.Source == "" {
		wrong.add("data.source", "expected \"builtin\" or a path, found none")
	}
	if at, err := url.Parse(c.Data.Address); err != nil || at.Host == "" || at.Scheme != "https" && at.Scheme != "http" {
		wrong.add("data.address", "expected an address that begins with https:// or http://, found %s", found(c.Data.Address))
	}
	if sum := c.Data.SHA256; sum != "" && (len(sum) != 64 || strings.Trim(sum, "0123456789abcdef") != "") {
		wrong.add("data.sha256", "expected 64 digits of 0-9 and a-f, or none, found %s", found(sum))
	}
	words := checkWords(reflect.ValueOf(c), "")
	wrong = append(wrong, words...)
	wrong = append(wrong, c.checkNumbers()...)
	if len(words) > 0 { // what is no word goes with nothing
		return wrong
	}
	for _, p := range c.Shape().Problems() {
		switch key := "network." + p.Key; p.Key {
		case "features", "context", "groups": // made of other keys
		default:
			wrong.add(key, "expected %s, found %v", p.Expected, p.Value)
		}
	}
	if c.Path.Prior != 1 && c.Output.X == flow.CoordinatePreconditioned {
		wrong.add("path.prior", "expected 1 with output.x = \"preconditioned\", whose noise has the width that path.x says, found %v", c.Path.Prior)
	}
	if c.EOT.Unsquared && c.Path.Prior != 1 {
		wrong.add("path.prior", "expected 1, or squared distances, with eot.unsquared = true, found %v: on distances the best assignment depends on the width of the noise, which the transport sees as 1", c.Path.Prior)
	}
	wrong = append(wrong, c.checkPath()...)
	wrong = append(wrong, c.checkNoise()...)
	wrong = append(wrong, c.checkPoses()...)
	return append(wrong, c.checkCondition()...)
}

// checkPath finds what the path and the outputs need and do not have.
func (c Config) checkPath() (wrong problems) {
	if v := c.Vocabulary(); c.Path.Z != "" && (!v.Types || !v.AtomicNumber) {
		wrong.add("path.z", "expected data.channels = \"types+number\" with it: a channel of Z beside those of the types; found %q", c.Data.Channels)
	}
	for _, part := range [][2]string{{"path.x", string(c.Path.X)}, {"path.z", string(c.Path.Z)}} {
		if part[1] == learned {
			wrong.add(part[0], "expected a path with a formula, found \"learned\": the information of positions has no bound to go at an even rate to; path.h may be learned")
		}
	}
	if c.Output.H == flow.FeatureTypes && c.Data.Channels == Number {
		wrong.add("output.h", "\"types\" needs a channel for every type; data.channels = \"number\" has none")
	}
	if c.Sample.Noisy() && c.EOT.Mode != eot.None {
		wrong.add("sample.solver", "expected euler, heun or dopri5, found \"%v\": a solver with noise, as stochastic, ancestral, karras, or dpm with an eta, is true only for a model trained without transport (eot.mode = \"none\"), for there alone noise and data are independent; eot.mode is \"%v\"", c.Sample.Solver, c.EOT.Mode)
	}
	if r := c.Sample.Resample; r > 1 && c.Sample.Solver < flow.Stochastic {
		wrong.add("sample.resample", "%d takes a step again after noise was put back, which sample.solver = \"%v\" does not; stochastic, dpm, ancestral and karras do", r, c.Sample.Solver)
	} else if r > 1 && c.EOT.Mode != eot.None {
		wrong.add("sample.resample", "expected 1 for a model trained with transport (eot.mode = \"%v\"), whose noise depends on the data, found %d", c.EOT.Mode, r)
	}
	return wrong
}

// checkNoise finds an output by the noise on a path that ends in nothing
// else: from there the noise says nothing of the data.
func (c Config) checkNoise() (wrong problems) {
	path := c.FlowPath()
	for _, part := range []struct {
		output, path string
		noise        bool
		schedule.Schedule
	}{
		{"output.x", "path.x", c.Output.X == flow.CoordinateNoise, path.X},
		{"output.h", "path.h", c.Output.H == flow.FeatureNoise, path.H},
		{"output.h", "path.z", c.Output.H == flow.FeatureNoise, path.Z},
	} {
		if part.noise && part.Schedule != nil && part.At(1).Alpha == 0 {
			wrong.add(part.output, "\"noise\" with %s = \"%v\", which has no data left at t = 1: expected a schedule that has, as edm", part.path, part.Schedule)
		}
	}
	return wrong
}

// checkPoses finds a network that would be shown noise in training as
// it will not see it in sampling. A transport that rotates turns the noise towards the
// pose of the data. EGNN answers alike in all poses, and data rotated at random have
// none; the twin would learn noise of that pose, and be given noise of any.
func (c Config) checkPoses() (wrong problems) {
	if mode := c.EOT.Mode; c.Network.Kind == egnn.Twin && !c.Train.Rotate && mode != eot.None && mode != eot.Permutation {
		wrong.add("eot.mode", "expected \"none\" or \"permutation\", or train.rotate = true, found \"%v\", which turns the noise into the frame of the data: network.kind = \"twin\" would learn that, and samples do not have it", mode)
	}
	return wrong
}

// checkCondition finds keys of a property that do not go together.
func (c Config) checkCondition() (wrong problems) {
	d := c.Condition
	if c.Data.Half != Whole && c.Data.Split != "train" {
		wrong.add("data.half", "%q is of the split train, and data.split is %q", c.Data.Half, c.Data.Split)
	}
	if d.Drop > 0 && d.Property == "" {
		wrong.add("condition.drop", "%v leaves out a property, and condition.property names none", d.Drop)
	}
	if c.Sample.Guidance > 0 && d.Drop == 0 {
		wrong.add("sample.guidance", "%v needs a model that has learned without its property too: condition.drop above 0 in training", c.Sample.Guidance)
	}
	return wrong
}

// checkWords reads the words again that a key takes one of, for a program may have
// set any: those of all fields whose type reads text.
func checkWords(section reflect.Value, prefix string) (wrong problems) {
	for i := range section.NumField() {
		key, field := prefix+section.Type().Field(i).Tag.Get("toml"), section.Field(i)
		if field.Kind() == reflect.Struct {
			wrong = append(wrong, checkWords(field, key+".")...)
		} else if word, ok := reflect.New(field.Type()).Interface().(encoding.TextUnmarshaler); ok {
			if err := word.UnmarshalText(fmt.Append(nil, field)); err != nil {
				wrong.add(key, "%s", ofWord(err))
			}
		}
	}
	return wrong
}

func notInName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_+.", r)
}

// Bounds that no computer reaches, below those where a product of two numbers
// or a slice of so many would not fit an int.
const (
	maxSteps    = 1 << 30 // of the training
	maxBatch    = 1 << 20
	maxNumber   = 1 << 30 // of molecules in a sample
	maxGrid     = 1 << 20 // steps of a solver
	maxResample = 100     // times that a step is taken

	leastPrior, mostPrior = 0.01, 100. // Å, between which single precision has digits for molecules beside the noise
)

// checkNumbers finds the numbers out of range.
func (c Config) checkNumbers() (wrong problems) {
	for _, v := range []struct {
		key      string
		value    float64
		ok       bool
		expected string
	}{
		{"data.type_height", c.Data.TypeHeight, c.Data.TypeHeight > 0, "a positive number"},
		{"data.number_unit", c.Data.NumberUnit, c.Data.NumberUnit > 0, "a positive number"},
		{"eot.tolerance", c.EOT.Tolerance, c.EOT.Tolerance >= 0, "0 Å² or more"},
		{"eot.rounds", float64(c.EOT.Rounds), within(c.EOT.Rounds, 1_000_000), "1 to 1000000"},
		{"path.prior", c.Path.Prior, c.Path.Prior >= leastPrior && c.Path.Prior <= mostPrior, fmt.Sprintf("%v to %v Å", leastPrior, mostPrior)},
		{"condition.drop", c.Condition.Drop, c.Condition.Drop >= 0 && c.Condition.Drop < 1, "0 to less than 1"},
		{"loss.angle", c.Loss.Angle, c.Loss.Angle >= 0, "0 or more"},
		{"loss.features", c.Loss.Features, c.Loss.Features >= 0, "0 or more"},
		{"loss.pair", c.Loss.Pair, c.Loss.Pair >= 0, "0 or more"},
		{"loss.pair_cutoff", c.Loss.PairCutoff, c.Loss.PairCutoff > 0, "a distance in Å above 0"},
		{"loss.pair_until", c.Loss.PairUntil, c.Loss.PairUntil >= 0 && c.Loss.PairUntil <= 1, "a time, 0 to 1"},
		{"eot.restarts", float64(c.EOT.Restarts), c.EOT.Restarts >= 0, "0 or more"},
		{"train.steps", float64(c.Train.Steps), within(c.Train.Steps, maxSteps), fmt.Sprintf("1 to %d", maxSteps)},
		{"train.batch", float64(c.Train.Batch), within(c.Train.Batch, maxBatch), fmt.Sprintf("1 to %d", maxBatch)},
		{"train.shard", float64(c.Train.Shard), c.Train.Shard >= 1, "at least 1"},
		{"train.groups", float64(c.Train.Groups), c.Train.Groups >= 1 && c.Train.Groups <= 1024, "1 to 1024"},
		{"train.given_types", c.Train.GivenTypes, c.Train.GivenTypes >= 0 && c.Train.GivenTypes <= 1, "a share of the molecules, 0 to 1"},
		{"train.given_parts", c.Train.GivenParts, c.Train.GivenParts >= 0 && c.Train.GivenParts <= 1, "a share of the molecules, 0 to 1"},
		{"train.muon_poles", float64(c.Train.MuonPoles), c.Train.MuonPoles >= 0 && c.Train.MuonPoles <= 2, "0, for rounds, 1 or 2"},
		{"train.lr", c.Train.LR, c.Train.LR > 0, "a positive number"},
		{"train.warmup", float64(c.Train.Warmup), c.Train.Warmup >= 0, "0 or more"},
		{"train.cooldown", float64(c.Train.Cooldown), c.Train.Cooldown >= 0 && c.Train.Cooldown <= c.Train.Steps, "0 to train.steps"},
		{"train.time_mean", c.Train.TimeMean, !math.IsNaN(c.Train.TimeMean), "a number"},
		{"train.time_std", c.Train.TimeStd, c.Train.TimeStd >= 0, "0 or more"},
		{"train.time_power", c.Train.TimePower, c.Train.TimePower > -1, "above -1"},
		{"train.weight_decay", c.Train.WeightDecay, c.Train.WeightDecay >= 0, "0 or more"},
		{"train.ema", c.Train.EMA, c.Train.EMA >= 0 && c.Train.EMA < 1, "0 to less than 1"},
		{"train.schedule_every", float64(c.Train.ScheduleEvery), c.Train.ScheduleEvery >= 1, "at least 1"},
		{"train.schedule_until", c.Train.ScheduleUntil, c.Train.ScheduleUntil >= 0 && c.Train.ScheduleUntil <= 1, "a share of the steps, 0 to 1"},
		{"train.log_every", float64(c.Train.LogEvery), c.Train.LogEvery >= 1, "at least 1"},
		{"train.checkpoint_every", float64(c.Train.CheckpointEvery), c.Train.CheckpointEvery >= 1, "at least 1"},
		{"sample.number", float64(c.Sample.Number), within(c.Sample.Number, maxNumber), fmt.Sprintf("1 to %d", maxNumber)},
		{"sample.steps", float64(c.Sample.Steps), within(c.Sample.Steps, maxGrid), fmt.Sprintf("1 to %d", maxGrid)},
		{"sample.rtol", c.Sample.RTol, c.Sample.RTol > 0, "a positive number"},
		{"sample.atol", c.Sample.ATol, c.Sample.ATol > 0, "a positive number"},
		{"sample.end", c.Sample.End, c.Sample.End >= 0 && c.Sample.End < 1, "0 to less than 1"},
		{"sample.eta", c.Sample.Eta, c.Sample.Eta >= 0, "0 or more"},
		{"sample.guidance", c.Sample.Guidance, c.Sample.Guidance >= 0, "0 or more"},
		{"sample.types_from", c.Sample.TypesFrom, c.Sample.TypesFrom > 0 && c.Sample.TypesFrom <= 1, "a time above 0, at most 1"},
		{"sample.resample", float64(c.Sample.Resample), within(c.Sample.Resample, maxResample), fmt.Sprintf("1 to %d", maxResample)},
		{"sample.churn", c.Sample.Churn, c.Sample.Churn >= 1, "1 or more"},
		{"sample.churn_to", c.Sample.ChurnTo, c.Sample.ChurnTo > 0 && c.Sample.ChurnTo < 1, "between 0 and 1"},
		{"sample.churn_from", c.Sample.ChurnFrom, c.Sample.ChurnFrom >= c.Sample.ChurnTo && c.Sample.ChurnFrom < 1, "sample.churn_to to less than 1"},
	} {
		if !v.ok || math.IsInf(v.value, 0) {
			wrong.add(v.key, "expected %s, found %v", v.expected, v.value)
		}
	}
	return wrong
}

func within(v, most int) bool { return v >= 1 && v <= most }
