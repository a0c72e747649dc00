// Package memory says how much of it a program may still take, so that what cannot fit is
// refused before work starts and not ended by the system after it.
package memory

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// Available returns the bytes that this process may still take: of the machine, and of
// the control group it is in; ok is false where the system does not say.
func Available() (bytes int64, ok bool) {
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	defer f.Close()
	if bytes, ok = field(f, "MemAvailable:"); !ok {
		return 0, false
	}
	limit, limited := number("/sys/fs/cgroup/memory.max")
	used, known := number("/sys/fs/cgroup/memory.current")
	if limited && known {
		bytes = min(bytes, max(limit-used, 0))
	}
	return bytes, true
}

// field reads a line of /proc/meminfo, which counts in units of 1024 bytes.
func field(r io.Reader, name string) (bytes int64, ok bool) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		words := strings.Fields(lines.Text())
		if len(words) >= 2 && words[0] == name {
			kib, err := strconv.ParseInt(words[1], 10, 64)
			return kib << 10, err == nil
		}
	}
	return 0, false
}

// number reads a file of one number; ok is false for "max", and where there is none.
func number(path string) (n int64, ok bool) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err = strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}

// Need is what something takes.
type Need struct {
	What  string // and which key makes it so
	Bytes float64
}

// Check returns an error that names the largest of several needs if together they are more
// than there is.
func Check(available int64, needs ...Need) error {
	var sum float64
	var most Need
	for _, n := range needs {
		if sum += n.Bytes; n.Bytes > most.Bytes {
			most = n
		}
	}
	if sum <= float64(available) {
		return nil
	}
	return fmt.Errorf("this takes some %s of memory, and %s are free; %s of them are for %s", size(sum), size(float64(available)), size(most.Bytes), most.What)
}

// size spells a number of bytes.
func size(bytes float64) string {
	unit := "MB"
	v := bytes / 1e6
	for _, larger := range []string{"GB", "TB", "PB"} {
		if v >= 1000 {
			v, unit = v/1000, larger
		}
	}
	return fmt.Sprintf("%.3g %s", v, unit)
}
