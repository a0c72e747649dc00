//go:build !cublas

package device

import (
	"errors"
	"strings"
	"testing"
)

// Without the tag there is no card, which commands say and end with 2.
func TestNoCardInThisProgram(t *testing.T) {
	var u *Unavailable
	for _, name := range []string{"cuda", "cuda-tf32"} {
		d, err := Open(name, nil)
		if d != nil || err == nil || !strings.Contains(err.Error(), "built without -tags cublas") || !errors.As(err, &u) || u.ExitCode() != 2 {
			t.Errorf("%s: device %v, error %v", name, d, err)
		}
	}
	if d, err := Open("cpu", nil); d != nil || err != nil {
		t.Errorf("cpu: %v, %v", d, err)
	}
	if _, err := Open("gpu", nil); err == nil || !strings.Contains(err.Error(), "expected one of cpu, cuda, cuda-tf32") || errors.As(err, &u) {
		t.Errorf("gpu: %v", err)
	}
}
