// Package signs reads the signs of failure that the method has out of figures:
//
//	low atom stability      is noise moved to the data at all, and does the field turn with its input?
//	low molecule stability  do types settle before or after positions, do their channels disagree,
//	                        how far is each off by t, and would another element have done?
//	slow sampling           evaluations of the adaptive solver, steps taken back, stiffness by t
//
// A Case is what is known of a sample and, where there is one, of its model: Measure
// takes that at the true states of held-out molecules. Read makes findings of it. Every
// figure in a finding is computed from the case, and bounds says from where on each is
// out of the usual.
//
//	case.go      what is known
//	measure.go   the model's part of it
//	repair.go    unstable molecules that another element would mend
//	read.go      findings
//	atoms.go, molecules.go, sampling.go    one sign each
package signs
