//go:build mpi

package mpi_test

import (
	"fmt"
	"os"
	"os/exec"
	"testing"

	"equifm/nn/parallel"
	"equifm/nn/parallel/mpi"
	"equifm/nn/parallel/ranktest"
)

// TestMain makes the test binary one rank of several where a test has mpirun start it.
func TestMain(m *testing.M) {
	what := os.Getenv("EQUIFM_RANK")
	if what == "" {
		os.Exit(m.Run()) // who starts ranks is none
	}
	world, err := mpi.Start()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	switch what {
	case "check":
		if err := ranktest.Check(world); err != nil {
			fmt.Fprintln(os.Stderr, err)
			world.Abort(3)
		}
	case "abort":
		if world.Rank() == 1 {
			world.Abort(7)
		}
		parallel.Share(world, make([]byte, 8)) // nobody comes
	}
	world.Finish()
}

// mpirun runs so many ranks of this test binary that do one thing.
func mpirun(t *testing.T, ranks int, what string) (string, error) {
	t.Helper()
	c := exec.Command("mpirun", "-np", fmt.Sprint(ranks), "--oversubscribe", "--bind-to", "none", os.Args[0])
	c.Env = append(os.Environ(), "EQUIFM_RANK="+what, "PMIX_MCA_gds=hash", "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1")
	out, err := c.CombinedOutput()
	return string(out), err
}

// What ranks gather and exchange comes whole to those it is for.
func TestWorld(t *testing.T) {
	for _, ranks := range []int{1, 3} {
		if out, err := mpirun(t, ranks, "check"); err != nil {
			t.Errorf("%d ranks: %v\n%s", ranks, err, out)
		}
	}
}

// Abort ends those that wait, with its status.
func TestAbort(t *testing.T) {
	_, err := mpirun(t, 3, "abort")
	if failed, ok := err.(*exec.ExitError); !ok || failed.ExitCode() != 7 {
		t.Errorf("error %v, want exit status 7", err)
	}
}
