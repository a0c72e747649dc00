package shim

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// Use compiles a file of kernels with g++ and has package cuda open what comes of it for
// the rest of the test, which is skipped where there is no g++. It compiles a file once, and
// keeps it with the system's temporary files. Where EQUIFM_CUDA is set already the test
// runs on what that names, such as a card.
func Use(t testing.TB, kernels string) {
	t.Helper()
	if os.Getenv("EQUIFM_CUDA") != "" {
		return
	}
	if _, err := exec.LookPath("g++"); err != nil {
		t.Skip("there is no g++ to compile kernels with")
	}
	folder, err := compiled(kernels)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("EQUIFM_CUDA", folder)
}

// compiled returns the folder of a file's libraries, by what they are made of.
func compiled(kernels string) (string, error) {
	_, self, _, _ := runtime.Caller(0)
	script, source := filepath.Join(filepath.Dir(self), "cpp", "build.sh"), filepath.Join(filepath.Dir(self), "cpp", "shim.cpp")
	sum := sha256.New()
	for _, path := range []string{kernels, script, source} {
		text, err := os.ReadFile(path)
		if err != nil {
			return "", err
		}
		sum.Write(text)
	}
	folder := filepath.Join(os.TempDir(), fmt.Sprintf("equifm-shim-%x", sum.Sum(nil)[:8]))
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	mine, err := os.MkdirTemp("", "equifm-shim-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(mine)
	if out, err := exec.Command("sh", script, kernels, mine).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s", kernels, err, out)
	}
	if err := os.Rename(mine, folder); err != nil && !os.IsExist(err) { // another test was faster
		return mine, err
	}
	return folder, nil
}
