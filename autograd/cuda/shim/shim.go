package shim

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Use compiles a file of kernels with g++ and has package cuda open what comes of it for
// the rest of the test, which is skipped where there is no g++. Where EQUIFM_CUDA is set
// already the test runs on what that names, such as a card.
func Use(t testing.TB, kernels string) {
	t.Helper()
	if os.Getenv("EQUIFM_CUDA") != "" {
		return
	}
	if _, err := exec.LookPath("g++"); err != nil {
		t.Skip("there is no g++ to compile kernels with")
	}
	folder := t.TempDir()
	_, self, _, _ := runtime.Caller(0)
	out, err := exec.Command("sh", filepath.Join(filepath.Dir(self), "cpp", "build.sh"), kernels, folder).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", kernels, err, out)
	}
	t.Setenv("EQUIFM_CUDA", folder)
}
