// Package oracle judges what a model of a property makes, by EDM's protocol (Hoogeboom et
// al. 2022, arXiv 2203.17003, section 5.2): a network of its own, trained on molecules
// that the model has not seen, says what property a molecule has, and the score is the
// mean absolute error between what was asked for and what it says.
//
//	first, second := set.Halves()                        // the oracle's molecules, and the model's
//	o, err := oracle.Train(ctx, oracle.EDM("alpha"), first, set.Split("valid"), workers, nil)
//	says, err := o.Predict(molecules, workers)           // in the property's unit
//
// The network is [egnn.Regressor], learned by the mean absolute error with a learning
// rate that falls as half a cosine. It is a network like those of package egnn and learns
// from [datasets] as they do, but flow and its paths are none of its business: so it is
// below egnn, beside trained, and imports neither.
//
// An oracle errs itself. No score means anything without its own error beside it, on
// molecules that neither it nor the model has learned ([MAE] of its predictions for
// those), nor without what can be had for nothing: the value that goes with the number
// of atoms (datasets.MedianBySize), and any value at all.
//
// Training and predictions have the same bits for any number of workers.
//
// Legend: M molecules of a batch; N atoms; F features; energies in eV, see
// [datasets.Quantity].
package oracle
