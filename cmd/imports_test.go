// Package cmd_test keeps the directions in which packages import each other.
package cmd_test

import (
	"os/exec"
	"strings"
	"testing"
)

// mayImport says which packages of this module, and which modules, a package
// and those below it may depend on, directly or not. What is not named here is
// free: commands see everything.
var mayImport = map[string][]string{
	"equifm/autograd/kernel":      {"gonum.org/v1/gonum/blas", "gonum.org/v1/gonum/internal", "golang.org/x/sys/cpu"},
	"equifm/autograd":             {"equifm/autograd/kernel"},
	"equifm/autograd/gradcheck":   {"equifm/autograd"},
	"equifm/autograd/cuda":        {"gonum.org/v1/gonum/blas"},
	"equifm/autograd/cuda/shim":   {"equifm/autograd/cuda"},
	"equifm/nn/safetensors":       {},
	"equifm/nn/parallel":          {"golang.org/x/sync/errgroup"},
	"equifm/nn/parallel/mpi":      {"equifm/nn/parallel"},
	"equifm/nn/parallel/ranktest": {"equifm/nn/parallel"},
	"equifm/nn":                   {"equifm/autograd", "equifm/nn/safetensors", "equifm/nn/parallel"},
	"equifm/egnn":                 {"equifm/nn"},
	"equifm/eot":                  {"gonum.org/v1/gonum"},
	"equifm/flow/ode":             {"equifm/autograd"},
	"equifm/flow/schedule":        {},
	"equifm/flow/information":     {"equifm/flow", "gonum.org/v1/gonum"},
	"equifm/flow/likelihood":      {"equifm/flow"},
	"equifm/flow":                 {"equifm/nn", "equifm/eot", "equifm/flow/ode", "equifm/flow/schedule", "equifm/flow/internal"},
	"equifm/molecule":             {"equifm/molecule/internal"},
	"equifm/molecule/bonds":       {"equifm/molecule"},
	"equifm/molecule/rings":       {"equifm/molecule"},
	"equifm/molecule/chem":        {"equifm/molecule/rings"},
	"equifm/molecule/smiles":      {"equifm/molecule/chem"},
	"equifm/molecule/metrics":     {"equifm/molecule/bonds", "equifm/molecule/smiles", "gonum.org/v1/gonum"},
	"equifm/molecule/formats":     {"equifm/molecule"},
	"equifm/molecule/draw":        {"equifm/molecule", "gonum.org/v1/gonum"},
	"equifm/datasets":             {"equifm/molecule/formats", "equifm/datasets/chains", "equifm/datasets/internal"},
	"equifm/datasets/chains":      {"equifm/molecule/bonds"},
	"equifm/egnn/trained":         {"equifm/egnn/trained/config", "equifm/flow/likelihood", "equifm/molecule/metrics"},
	"equifm/egnn/resident":        {"equifm/autograd/cuda", "equifm/egnn", "equifm/flow"},
	"equifm/egnn/oracle":          {"equifm/egnn", "equifm/datasets"},
	"equifm/egnn/trained/config":  {"equifm/egnn", "equifm/flow", "equifm/datasets", "equifm/molecule/bonds", "github.com/BurntSushi/toml"},
}

func TestImportsKeepTheirDirection(t *testing.T) {
	for pkg := range mayImport {
		allowed := closure(pkg)
		out, err := exec.Command("go", "list", "-deps", pkg).Output()
		if err != nil {
			t.Fatalf("go list -deps %s: %v", pkg, err)
		}
		for _, dep := range strings.Fields(string(out)) {
			first, _, _ := strings.Cut(dep, "/")
			if dep == pkg || strings.HasPrefix(dep, "vendor/") || !strings.Contains(first, ".") && first != "equifm" {
				continue // itself, or the standard library
			}
			if !covers(allowed, dep) {
				t.Errorf("%s depends on %s", pkg, dep)
			}
		}
	}
}

// closure returns what pkg may depend on, and what those may.
func closure(pkg string) (all []string) {
	for _, p := range mayImport[pkg] {
		all = append(append(all, p), closure(p)...)
	}
	return all
}

// covers says whether dep is one of the allowed or lies below one outside this
// module, or below an internal folder of it.
func covers(allowed []string, dep string) bool {
	for _, a := range allowed {
		open := !strings.HasPrefix(a, "equifm/") || strings.HasSuffix(a, "/internal")
		if dep == a || open && strings.HasPrefix(dep, a+"/") {
			return true
		}
	}
	return false
}
