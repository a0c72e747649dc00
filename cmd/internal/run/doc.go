// Package run is a training from its configuration to its sample, for any
// command that wants one: [Request.Place] decides on the configuration and the
// folder, [Prepare] reads the data and builds the model, [Run.Open] takes the
// folder, [Run.Train] takes the steps and saves, and [Run.Finish] samples from
// what was learned and judges the sample.
//
// The folder gets config.toml (as understood), log.jsonl,
// checkpoint.safetensors, samples.sdf, samples.xyz, samples.svg and
// metrics.json.
package run
