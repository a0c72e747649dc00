package run

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"

	"equifm/cmd/internal/checkpoint"
	"equifm/egnn/trained/config"
	"equifm/flow"
)

// changes lists what of a run is not as it was when its checkpoint was saved, and
// would have made its steps others. A run that is to cool down is another by what it
// was told, and by nothing else.
func (r *Run) changes(was checkpoint.Was, cooling bool) []string {
	now := r.Config
	if cooling {
		now.Train.Cooldown, now.Train.Steps = was.Config.Train.Cooldown, was.Config.Train.Steps
	}
	same := was.Data == r.Data
	if same { // wherever the molecules lie now
		now.Data.Source = was.Config.Data.Source
	}
	stays := ""
	if x, y := until(was.Config.Train), until(now.Train); now.Path.H == "learned" && min(x, r.Model.Step) != min(y, r.Model.Step) {
		stays = fmt.Sprintf("train.schedule_until: the schedule of path.h stays after step %d → %d", x, y)
	}
	now.Train.ScheduleUntil = was.Config.Train.ScheduleUntil
	changes := config.Diff(was.Config, now)
	if !same && was.Data != "" {
		changes = append(changes, fmt.Sprintf("the molecules of data.source = %q are not those that were learned from", now.Data.Source))
	}
	if change := lengthened(was.Config.Train, now.Train, r.Model.Step); change != "" {
		changes = append(changes, change)
	}
	if stays != "" {
		changes = append(changes, stays)
	}
	return changes
}

// lengthened says that the learning rate, which may look at the number of all steps, of
// one up to step would have been another; "" where it would not.
func lengthened(was, now config.Train, step int) string {
	same := was
	same.Steps = now.Steps
	for k := range step {
		if x, y := rate(was).At(k), rate(same).At(k); x != y {
			return fmt.Sprintf("train.steps: %d → %d: the learning rate falls towards the last step; that of step %d was %.3g and would have been %.3g",
				was.Steps, now.Steps, k+1, x, y)
		}
	}
	return ""
}

// until is the step after which a learned schedule stays.
func until(t config.Train) int { return int(t.ScheduleUntil * float64(t.Steps)) }

// fingerprint tells examples apart, by what of them is learned from and their order.
func fingerprint(examples []flow.Example[float32]) string {
	h := sha256.New()
	var b []byte
	for k := range examples {
		e := &examples[k]
		b = binary.LittleEndian.AppendUint64(b[:0], uint64(e.Atoms()))
		for _, part := range [][]float32{e.X, e.H, e.Context} {
			b = slices.Grow(b, 4*len(part))
			b, _ = binary.Append(b, binary.LittleEndian, part) // numbers always do
		}
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil))
}
