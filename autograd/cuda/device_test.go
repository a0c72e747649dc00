package cuda_test

import (
	"errors"
	"strings"
	"testing"

	"equifm/autograd/cuda"
	"equifm/autograd/cuda/shim"
)

const twice = `
extern "C" __global__ void twice(int threads, float *x, float by, int from) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < threads) x[i] = i < from ? x[i] : by * x[i];
}`

// use does with a card all that one can do, and closes it.
func use(api *cuda.API) (err error) {
	d, err := cuda.New(api, twice, cuda.Options{TF32: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	defer d.Bind()()
	a, b := d.New(6), d.New(6)
	d.Write(a, make([]float32, 6))
	d.WriteInts(b, make([]int32, 6))
	d.Grow(&b, 100)
	d.Copy(b, a)
	d.Fill(b, 1)
	d.Gemm(false, true, 2, 2, 3, a.By(3), b.By(3), 0, b.Part(10, 4).By(2))
	c := d.Matrices(b, 2, 9, 3)
	d.GemmEach(false, true, 3, 3, 3, 1, c, c, 0, c)
	d.Launch("twice", 6, a, cuda.Float(2), cuda.Int(1))
	d.Wait()
	d.Read(make([]float32, 6), a)
	d.Free(&a)
	return d.Err()
}

// Whichever call fails, the error names it and nothing stays on the card.
func TestEveryCallMayFail(t *testing.T) {
	well := new(shim.Fake)
	if err := use(well.API()); err != nil || well.Held() != "" {
		t.Fatalf("nothing fails, but %v; still held: %s", err, well.Held())
	}
	for n := 1; n <= well.Calls; n++ {
		f := &shim.Fake{FailAt: n}
		err := use(f.API())
		switch {
		case f.Held() != "":
			t.Errorf("call %d, %s, fails: still held: %s", n, f.Failed, f.Held())
		case err == nil || !strings.Contains(err.Error(), "error 2"):
			t.Errorf("call %d, %s, fails: error %v", n, f.Failed, err)
		}
	}
	if well.Calls < 39 {
		t.Errorf("only %d calls", well.Calls)
	}
}

// A card that there is none of is told from one that fails.
func TestUnavailable(t *testing.T) {
	var u *cuda.Unavailable
	_, err := cuda.New((&shim.Fake{FailAt: 1}).API(), twice, cuda.Options{})
	if !errors.As(err, &u) || !strings.Contains(err.Error(), "cuInit: error 2") {
		t.Errorf("no driver: %v", err)
	}
	_, err = cuda.New((&shim.Fake{FailAt: 6}).API(), twice, cuda.Options{})
	if err == nil || errors.As(err, &u) {
		t.Errorf("no compiler: %v", err)
	}
}

// What would write over something else is a panic before it starts.
func TestWrongSizesPanic(t *testing.T) {
	d, err := cuda.New(new(shim.Fake).API(), twice, cuda.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	m := d.New(12)
	for name, wrong := range map[string]func(){
		"Part":  func() { m.Part(5, 8) },
		"Write": func() { d.Write(m, make([]float32, 13)) },
		"Read":  func() { d.Read(make([]float32, 13), m) },
		"Copy":  func() { d.Copy(m.Part(0, 3), m) },
		"A":     func() { d.Gemm(false, false, 4, 2, 4, m.By(4), m.By(2), 0, m.By(2)) },
		"B":     func() { d.Gemm(false, true, 2, 5, 3, m.By(3), m.By(3), 0, m.By(5)) },
		"C":     func() { d.Gemm(false, false, 4, 4, 3, m.By(3), m.By(4), 0, m.By(4)) },
		"GemmEach": func() {
			d.GemmEach(false, false, 2, 2, 2, 1, d.Matrices(m, 2, 4, 2), d.Matrices(m, 3, 4, 2), 0, d.Matrices(m, 2, 4, 2))
		},
		"no kernel":    func() { d.Launch("thrice", 1) },
		"takes ipfi":   func() { d.Launch("twice", 1, m, cuda.Int(2), cuda.Float(1)) },
		"threads":      func() { d.Launch("twice", 0, m, cuda.Float(1), cuda.Int(2)) },
		"expected 1 t": func() { d.New(0) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if text, _ := recover().(string); !strings.Contains(text, name) {
					t.Errorf("panic %q", text)
				}
			}()
			wrong()
		})
	}
}

// A kernel whose parameters are of other types is refused by name.
func TestOddKernelIsAnError(t *testing.T) {
	_, err := cuda.New(new(shim.Fake).API(), `extern "C" __global__ void odd(int n, double x) {}`, cuda.Options{})
	if err == nil || !strings.Contains(err.Error(), "kernel odd") {
		t.Errorf("error %v", err)
	}
}
