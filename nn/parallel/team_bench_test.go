package parallel

import (
	"fmt"
	"testing"
	"time"
)

// busy is a task of so many parts, each of so long.
type busy time.Duration

func (b busy) Do(int, int) {
	for start := time.Now(); time.Since(start) < time.Duration(b); {
	}
}

// BenchmarkShare times what sharing costs: eight parts of some length each, job
// after job, by two hands, against half of all the parts' time.
func BenchmarkShare(b *testing.B) {
	for _, part := range []time.Duration{2 * time.Microsecond, 10 * time.Microsecond, 40 * time.Microsecond} {
		b.Run(fmt.Sprint(part), func(b *testing.B) {
			team := NewTeam(2)
			team.Each(1, func(hand, _ int) error {
				for range b.N {
					team.Share(hand, 8, busy(part))
				}
				return nil
			}, nil)
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(4*part), "of-ideal")
		})
	}
}
