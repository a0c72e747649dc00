//go:build mpi

package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"testing"
	"time"

	"equifm/cmd/internal/ranks"
	"equifm/cmd/internal/run"
	"equifm/egnn/trained/config"
	"equifm/nn"
	"equifm/nn/parallel"
)

// BenchmarkTraffic says what a training step of batch 64 in shards of 8 takes with ranks of
// one thread on this machine, what of that is the sum of gradients alone, all ranks having
// come, and what a rank receives: the quickest of five steps and sums each.
func BenchmarkTraffic(b *testing.B) {
	for k, w := range workloads {
		for _, n := range []int{1, 2, 4} {
			b.Run(fmt.Sprintf("%s/ranks=%d", w.name, n), func(b *testing.B) {
				for range b.N {
					c := mpirun(b, n)
					c.Env = append(c.Env, "EQUIFM_TRAIN=", fmt.Sprint("EQUIFM_TRAFFIC=", k))
					text, err := c.Output()
					var step, sum, bytes float64
					if _, errScan := fmt.Sscan(string(text), &step, &sum, &bytes); err != nil || errScan != nil {
						b.Fatalf("%v, %v: %s", err, errScan, text)
					}
					b.ReportMetric(0, "ns/op")
					b.ReportMetric(1e3*step, "ms/step")
					b.ReportMetric(1e3*sum, "ms/sum")
					b.ReportMetric(bytes/1e6, "MB/step")
				}
			})
		}
	}
}

func init() { programs["EQUIFM_TRAFFIC"] = traffic }

// traffic is what each rank of BenchmarkTraffic does.
func traffic() {
	ranks.Main("traffic", func(r parallel.Ranks, stdout, _ io.Writer) error {
		k, err := strconv.Atoi(os.Getenv("EQUIFM_TRAFFIC"))
		if err != nil {
			return err
		}
		w := workloads[k]
		c, _, err := config.Load("qm9")
		if err != nil {
			return err
		}
		c.Data.Source, c.Train.Optimizer = "builtin", w.optimizer
		c.Network.Hidden, c.Network.Edge, c.Network.Layers = w.hidden, w.edge, w.layers
		m := &metered{Ranks: r}
		job, err := run.PrepareAmong(m, c, 1, io.Discard)
		if err != nil {
			return err
		}
		step := quickest(m, func() { _, err = job.Trainer.Step() })
		received := m.received
		if err != nil {
			return err
		}
		from, to := parallel.Own(r, 8)
		numbers := len(job.Model.Field.Params().Data)
		shards := make([][]float32, to-from)
		for k := range shards {
			shards[k] = make([]float32, numbers)
		}
		adder := nn.NewRankSum[float32](m, numbers)
		sum := quickest(m, func() { adder.Sum(shards, 8, 1) })
		fmt.Fprintln(stdout, step, sum, received)
		return nil
	})
}

// quickest is the time of the quickest of five calls, all ranks beginning together, s.
func quickest(m *metered, f func()) float64 {
	least := math.Inf(1)
	for range 5 {
		parallel.Share(m, make([]byte, m.Size()))
		m.received = 0
		start := time.Now()
		f()
		least = min(least, time.Since(start).Seconds())
	}
	return least
}

// metered counts what a rank receives of the others.
type metered struct {
	parallel.Ranks
	received int // B
}

func (m *metered) Gather(x []byte, ends []int) {
	m.received += ends[len(ends)-1] - m.own(ends)
	m.Ranks.Gather(x, ends)
}

func (m *metered) Exchange(send []byte, sent []int, recv []byte, received []int) {
	m.received += received[len(received)-1] - m.own(received)
	m.Ranks.Exchange(send, sent, recv, received)
}

// own is the length of this rank's own part.
func (m *metered) own(ends []int) int {
	r := m.Rank()
	if r == 0 {
		return ends[0]
	}
	return ends[r] - ends[r-1]
}
