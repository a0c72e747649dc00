package run

import (
	"fmt"
	"io"
)

// screen is where a run says how it goes. A run outlives it: what cannot be
// written is lost, and the first error is kept for the loop to see.
type screen struct {
	w   io.Writer
	err error
}

func (s *screen) Write(p []byte) (int, error) {
	if s.err == nil {
		if _, err := s.w.Write(p); err != nil {
			s.err = fmt.Errorf("the screen is gone: %w", err)
		}
	}
	return len(p), nil
}
