package run

import (
	"time"

	"equifm/flow"
)

// meter averages reports between two lines of the log.
type meter struct {
	sum   flow.Parts
	norm  float64
	steps int
	last  time.Time

	byTime [flow.TimeBins]flow.Parts
	count  [flow.TimeBins]int
}

func (m *meter) add(r flow.Report) {
	m.sum.Total += r.Loss.Total
	m.sum.X += r.Loss.X
	m.sum.H += r.Loss.H
	m.sum.Angle += r.Loss.Angle
	m.sum.Pair += r.Loss.Pair
	m.norm += r.Norm
	m.steps++
	for bin, p := range r.ByTime {
		m.byTime[bin].X += p.X
		m.byTime[bin].H += p.H
		m.count[bin] += r.Count[bin]
	}
}

func (m *meter) flush(tr *flow.Trainer[float32], start time.Time, cpu float64) entry {
	n, now := float64(m.steps), time.Now()
	e := entry{Step: tr.Steps, Loss: m.sum.Total / n, X: m.sum.X / n, H: m.sum.H / n, Angle: m.sum.Angle / n, Pair: m.sum.Pair / n,
		Norm: m.norm / n, LR: tr.LR, Molecules: n * float64(tr.Batch) / now.Sub(m.last).Seconds(), Seconds: now.Sub(start).Seconds(), CPU: cpu}
	for bin, count := range m.count {
		if count > 0 {
			x, h := m.byTime[bin].X/float64(count), m.byTime[bin].H/float64(count)
			e.XByT[bin], e.HByT[bin] = &x, &h
		}
	}
	*m = meter{last: now}
	return e
}
