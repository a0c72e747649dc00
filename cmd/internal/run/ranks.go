package run

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"os"

	"equifm/nn/parallel"
)

// ClaimAmong is Claim of several ranks, of which the first takes the folder and the others
// hear which it is: where its name depends on what is there already, one has to decide.
func ClaimAmong(ranks parallel.Ranks, dir string) (f *Folder, err error) {
	if parallel.Leads(ranks) {
		if f, err = Claim(dir); err != nil {
			return nil, err
		}
	}
	dirs, err := parallel.All(ranks, dir)
	if err != nil {
		return nil, err
	}
	if f == nil {
		f = &Folder{Dir: dirs[0]}
	}
	return f, nil
}

// wait returns when all ranks have called it.
func (r *Run) wait() error {
	_, err := parallel.All(r.Ranks, true)
	return err
}

// meet is what ranks do together after a step: before a checkpoint they see that they are
// still alike, and before a line of the log they hear what the others took.
func (r *Run) meet(checkpoint, line bool) error {
	if r.Ranks == nil {
		return nil
	}
	if checkpoint {
		if err := r.sameEverywhere(); err != nil {
			return err
		}
	}
	if line {
		r.hearOthers()
	}
	return nil
}

// common is what ranks have to have in common, in short.
type common struct {
	Host, Data    string
	Config, State [sha256.Size]byte
}

// sameEverywhere returns an error, the same at all ranks, unless all have the same
// configuration, data, parameters and average: one that reads another file, or rounds
// otherwise, would spoil what the others learn.
func (r *Run) sameEverywhere() error {
	if r.Ranks == nil {
		return nil
	}
	own := common{Config: sha256.Sum256([]byte(r.Config.String())), Data: r.Data, State: r.stateSum()}
	own.Host, _ = os.Hostname()
	all, err := parallel.All(r.Ranks, own)
	if err != nil {
		return err
	}
	for k, c := range all {
		what := ""
		switch first := all[0]; {
		case c.Config != first.Config:
			what = "configuration"
		case c.Data != first.Data:
			what = "data"
		case c.State != first.State && r.Trainer.Steps > r.Model.Step:
			return fmt.Errorf("rank %d on %s has learned other numbers than rank 0 on %s since step %d: all need processors of one kind",
				k, c.Host, first.Host, r.Model.Step)
		case c.State != first.State:
			what = "parameters"
		}
		if what != "" {
			return fmt.Errorf("rank %d on %s begins with other %s than rank 0 on %s: all need to see the same files", k, c.Host, what, all[0].Host)
		}
	}
	return nil
}

func (r *Run) stateSum() [sha256.Size]byte {
	h := sha256.New()
	add(h, r.Model.Field.Params().Data, r.Trainer.Average.Data)
	fmt.Fprint(h, r.Trainer.Steps)
	return [sha256.Size]byte(h.Sum(nil))
}

func add(h hash.Hash, all ...[]float32) {
	for _, x := range all {
		h.Write(parallel.Bytes(x))
	}
}

// cpu is the processor time of the run so far, of all ranks, s; of the others as of the
// last line of the log.
func (r *Run) cpu() float64 { return r.earlier + r.clock() - r.began + r.others }

// hearOthers asks the other ranks what processor time they have taken since they began.
func (r *Run) hearOthers() {
	own, all := r.clock()-r.began, make([]float64, r.Ranks.Size())
	all[r.Ranks.Rank()] = own
	parallel.Share(r.Ranks, all)
	r.others = -own
	for _, t := range all {
		r.others += t
	}
}
