// Package trained is a network that has learned, with all it takes to use it:
// the configuration it was trained by, the elements it knows, the sizes of the
// molecules it learned from. Any program can have one in three steps:
//
//	model, err := trained.Open("runs/tiny")      // the folder of a run, or a checkpoint
//	options := model.Options()                   // number, solver, steps, seed, workers …: the model's own
//	molecules, stats, err := model.Sample(ctx, options)
//	judgements := model.Judge(molecules)         // stable? valid? which SMILES?
//
// [Open] trusts nothing: a file may come from anywhere. [Model.Sample] checks
// every option before it draws, and says which is wrong and what was expected.
// The same seed gives the same molecules, bit for bit, for any number of workers,
// and molecule i of a large sample is that of a small one: [Options].First begins at
// any i, and [Options].Watch sees molecules on their way from noise.
//
// Whoever trains by package flow in a program of their own makes a Model with
// [New] and writes it with [Model.Write]; cmd/train does the same, and adds to
// the file what it takes to go on. Package config, below this one, has every
// setting with its meaning.
//
// Units: positions in Å.
package trained
