// Package run is a training from its configuration to its sample, for any
// command that wants one: [Request.Place] decides on the configuration and the
// folder, [Claim] takes the folder, [Prepare] reads the data and builds the model,
// [Run.Open] takes up what is in the folder, [Run.Train] takes the steps and saves,
// and [Run.Finish] samples from what was learned and judges the sample, as much of it as
// there is when it is told to stop.
//
// The folder gets config.toml (as understood), log.jsonl, checkpoint.safetensors
// and the one before it, checkpoint.previous.safetensors, in the end samples.sdf,
// samples.xyz, samples.svg and metrics.json. The file lock is what Claim holds.
//
// A run may be killed at any moment, and the same command with -resume ends in
// the bits of the run left alone, under every schedule. It goes on by the
// configuration in its checkpoint; what would have made the steps so far others is
// listed and refused, unless Request.AllowChanges. What is saved is finite, its loss is within
// what it was, it is read back before it replaces the last, and it is held
// against its checksums whenever it is loaded. If the newest checkpoint is
// damaged even so, resuming says so and goes back to the one before.
package run
