package run

import (
	"fmt"

	"equifm/egnn/trained/config"
)

// watch says when loss or gradient go where they have not been. It stops nothing: what
// may not be saved is for losses to judge.
//
// Medians of watchSteps steps are held against those before; and, of a run from its first
// step on, against the loss of that step, which a network has that knows nothing. A mean
// would be made by one batch whose gradient, clipped as it is, moves nothing; training
// that comes apart does so at every step, or soon will.
type watch struct {
	begun bool // with the first step of all
	first float64

	loss, norm   []float64 // of the steps since the last median
	losses       []float64 // past medians
	norms        []float64
	said, silent int // times, and medians since
}

const (
	watchSteps = 50
	watchPast  = 20 // medians kept
	watchFew   = 4  // too few are no measure
	watchOut   = 4  // times the median of the past
	watchNorm  = 30
	watchFirst = 3 // times the first step's loss
	watchQuiet = 10
)

// add takes a step, and returns what is to be said, "" for nothing. The same is said
// again only after some medians.
func (w *watch) add(loss, norm float64, c config.Config) string {
	if w.begun {
		w.first, w.begun = loss, false
	}
	w.loss, w.norm = append(w.loss, loss), append(w.norm, norm)
	if len(w.loss) < watchSteps {
		return ""
	}
	loss, norm = median(w.loss), median(w.norm)
	w.loss, w.norm = w.loss[:0], w.norm[:0]
	note := w.out(loss, norm)
	w.losses, w.norms = append(w.losses, loss), append(w.norms, norm)
	w.losses, w.norms = w.losses[max(0, len(w.losses)-watchPast):], w.norms[max(0, len(w.norms)-watchPast):]
	if w.silent++; note == "" || w.said > 0 && w.silent < watchQuiet {
		return ""
	}
	w.said, w.silent = w.said+1, 0
	return note + advice(c)
}

// out says what of a median is out of its history.
func (w *watch) out(loss, norm float64) string {
	if w.first > 0 && loss > watchFirst*w.first {
		return fmt.Sprintf("the median loss of the last %d steps is %.4g, and that of the first step, by a network that knows nothing, was %.4g", watchSteps, loss, w.first)
	}
	if len(w.losses) < watchFew {
		return ""
	}
	if m := median(w.losses); loss > watchOut*m {
		return fmt.Sprintf("the median loss of the last %d steps is %.4g, and was %.4g before", watchSteps, loss, m)
	}
	if m := median(w.norms); norm > watchNorm*m {
		return fmt.Sprintf("the median norm of the gradient over the last %d steps is %.4g, and was %.4g before", watchSteps, norm, m)
	}
	return ""
}

// advice says what has helped.
func advice(c config.Config) string {
	text := fmt.Sprintf(": training may be coming apart; a smaller train.lr than %g", c.Train.LR)
	if c.Train.Warmup < 100 {
		text += fmt.Sprintf(", a longer train.warmup than %d steps", c.Train.Warmup)
	}
	if c.Network.CoordsRange > 2 {
		text += fmt.Sprintf(", a smaller network.coords_range than %g Å", c.Network.CoordsRange)
	}
	return text + " may help"
}
