package cmd_test

import (
	"os/exec"
	"strings"
	"testing"
)

// The script for a machine with a card takes a library's highest version, and of two of it
// the one that the loader finds first: dots in folders say nothing of it.
func TestNewestLibrary(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip(err)
	}
	for want, list := range map[string]string{
		"/lib/libnvrtc.so.13":            "/lib/libnvrtc.so.13 /usr/local/cuda-11.8/lib64/libnvrtc.so.11 /opt/python3.12/libnvrtc.so.12 /lib/libnvrtc.so",
		"/opt/python3.12/libnvrtc.so.12": "/lib/libnvrtc.so.11 /opt/python3.12/libnvrtc.so.12 /usr/local/cuda-12.9/lib64/libnvrtc.so.12 /lib/libnvrtc.so.9",
		"":                               "/lib/libcublas.so.12",
	} {
		c := exec.Command(bash, "../.ci/gpu", "newest", "libnvrtc.so.1[123]")
		c.Stdin = strings.NewReader(strings.ReplaceAll(list, " ", "\n") + "\n")
		if got, err := c.CombinedOutput(); err != nil || strings.TrimSpace(string(got)) != want {
			t.Errorf("%s: error %v, got %s, want %s", list, err, got, want)
		}
	}
}
