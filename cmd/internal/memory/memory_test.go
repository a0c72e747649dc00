package memory

import (
	"runtime"
	"strings"
	"testing"
)

func TestAvailable(t *testing.T) {
	bytes, ok := Available()
	if ok != (runtime.GOOS == "linux") || ok && (bytes < 1<<20 || bytes > 1<<50) {
		t.Errorf("%d bytes, %t", bytes, ok)
	}
	const text = "MemTotal:        8000000 kB\nMemAvailable:    1000 kB\n"
	if bytes, ok := field(strings.NewReader(text), "MemAvailable:"); bytes != 1_024_000 || !ok {
		t.Errorf("%d bytes, %t", bytes, ok)
	}
	if _, ok := field(strings.NewReader("MemTotal: 1 kB\n"), "MemAvailable:"); ok {
		t.Error("a field that is not there")
	}
}

func TestCheck(t *testing.T) {
	needs := []Need{{"weights", 3e6}, {"the sample, sample.number = 1073741824", 1.5e12}}
	if err := Check(4e12, needs...); err != nil {
		t.Error(err)
	}
	const want = "this takes some 1.5 TB of memory, and 4 GB are free; 1.5 TB of them are for the sample, sample.number = 1073741824"
	if err := Check(4e9, needs...); err == nil || err.Error() != want {
		t.Errorf("error %v", err)
	}
}
