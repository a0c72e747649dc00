//go:build cublas && linux

package cuda_test

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"equifm/autograd/cuda"
	"equifm/autograd/cuda/shim"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// open returns a card, or the processor in its place, with the kernel above.
func open(t *testing.T) *cuda.Device {
	t.Helper()
	path := filepath.Join(t.TempDir(), "twice.cu")
	if err := os.WriteFile(path, []byte(twice), 0o666); err != nil {
		t.Fatal(err)
	}
	shim.Use(t, path)
	d, err := cuda.Open(twice, cuda.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

// A kernel gets its arguments, and runs as many threads as it is to.
func TestShimLaunch(t *testing.T) {
	d := open(t)
	defer d.Bind()()
	m := d.New(1000)
	d.Fill(m, 1)
	d.Launch("twice", 700, m, cuda.Float(2.5), cuda.Int(300))
	got := make([]float32, 1000)
	d.Read(got, m)
	if d.Err() != nil {
		t.Fatal(d.Err())
	}
	for i, v := range got {
		if want := float32(1); i >= 300 && i < 700 && v != 2.5 || (i < 300 || i >= 700) && v != want {
			t.Fatalf("number %d is %v", i, v)
		}
	}
}

// The BLAS interface over a card computes what gonum's does, for any transposes and
// strides.
func TestShimBLAS(t *testing.T) {
	b := cuda.NewBLAS(open(t), gonum.Implementation{})
	rng := rand.New(rand.NewPCG(1, 2))
	const m, n, k = 5, 7, 4
	random := func() (x []float32) {
		for range 100 {
			x = append(x, float32(rng.NormFloat64()))
		}
		return x
	}
	for _, tA := range []blas.Transpose{blas.NoTrans, blas.Trans} {
		for _, tB := range []blas.Transpose{blas.NoTrans, blas.Trans} {
			for _, beta := range []float32{0, 0.5} {
				x, y, got := random(), random(), random()
				want := append([]float32(nil), got...)
				b.Sgemm(tA, tB, m, n, k, 1.5, x, 9, y, 10, beta, got, 8)
				gonum.Implementation{}.Sgemm(tA, tB, m, n, k, 1.5, x, 9, y, 10, beta, want, 8)
				for i := range want {
					if math.Abs(float64(got[i]-want[i])) > 1e-5 {
						t.Fatalf("%c %c beta %v: number %d is %v, not %v", tA, tB, beta, i, got[i], want[i])
					}
				}
			}
		}
	}
}
