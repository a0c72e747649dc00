// Package experiment runs experiments: arms that differ in a few keys of the
// configuration, each trained with several seeds, measured, and compared with
// intervals.
//
//	file.go, check.go             an experiment's file, read strictly
//	plan.go                       the runs of it: a configuration for every arm and seed
//	run.go, halving.go            all of them; or many arms short, the best longer
//	arm.go, store.go              one run: trained, or taken up where it was, and measured once
//	measurements.go, results.go   what is measured
//	sizes.go, step.go             samples of molecules of every size, and what a step of training takes
//	judge.go                      models of a property: an oracle, and what it says of them
//	figures.go                    what is made of it, with intervals
//	verdict.go                    what may be said of two arms, and when nothing
//	table*.go, csv.go, plot.go    the results
//
// # A run
//
// A run is one configuration: an arm's, in a mode, with a seed. Its folder is named
// by a hash of all that decides on its weights, so that a run is made once whatever
// experiments ask for it, a changed arm is run anew, and nothing else is. A run that
// was killed goes on from its checkpoint to the bits of one left alone. What is
// measured of it lies beside the checkpoint, each measurement in a file named by a
// hash of what was asked for.
//
// # Fairness
//
// Random numbers are keyed by the seed, the purpose, the step and the molecule's
// place, so that arms which share a seed see the same molecules in the same order, at
// the same times, with the same noise, and are sampled from the same noise and sizes.
// (Only restarts of the transport draw from a molecule's stream, before the noise of
// its features.) Processor time is counted, of all threads; the other processes of a
// busy machine lengthen it by what they take of caches, by some tens of percent.
package experiment
