// Package measure says what a trained model is worth, beyond the table of EDM's
// metrics: figures that tell weak models apart, kept molecule by molecule, so that
// their intervals can be drawn again.
//
//	quality.go    a sample judged: stable atoms, valid molecules, every bond length and angle
//	shapes.go     their 1-Wasserstein distances from the data's, of any part of the sample
//	straight.go   how straight the model's own ways from noise to data are
//	transport.go  how far data and noise are, and what moving them together takes
//	step.go       what a step of training takes by the size of molecules
//	information.go  how much states tell of the data by time
//	estimators.go   how far estimators of that are off where it is known
//	diagnose.go   where in t it goes wrong: samples from states whose truth is known
//	probe.go      the field there: errors by t, equivariance; stretch.go its stiffness
//	adaptive.go   what the adaptive solver takes
//
// Units: Å, degrees, seconds of processor time.
package measure
