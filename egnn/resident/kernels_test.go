//go:build cublas && linux

package resident

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"testing"

	"equifm/autograd/cuda"
)

// array is numbers as the processor and the card have them: card's first, or the last of
// every so many.
type array struct {
	host  []float32
	card  cuda.Memory
	every int
}

// at is a number in double precision.
func (a *array) at(i int) float64 { return float64(a.host[i]) }

// world is pairs and numbers for every kernel: molecules of some sizes, E channels of a pair.
// The kernels that take a piece get all but the first molecules.
type world struct {
	d            *cuda.Device
	rng          *rand.Rand
	b            batch
	l            lists
	pi, pj       []int32 // receiver and sender of every pair
	known        int     // atoms listed
	E            int
	atom0, pair0 int // of the piece
	pairs        int // of the piece
	taken        []cuda.Memory
	quiet        bool // nobody asks what results are to be
}

// free gives the numbers back.
func (w *world) free() {
	for i := range w.taken {
		w.d.Free(&w.taken[i])
	}
}

func newWorld(d *cuda.Device, E, skip int, sizes []int) *world {
	w := &world{d: d, rng: rand.New(rand.NewPCG(11, 12)), E: E}
	w.b.set(d, &w.l, sizes, 1<<30)
	for i, n := range sizes {
		for a := range n {
			for b := range n {
				if a != b {
					w.pi, w.pj = append(w.pi, int32(w.known+a)), append(w.pj, int32(w.known+b))
				}
			}
		}
		if w.known += n; i < skip {
			w.atom0, w.pair0 = w.known, len(w.pi)
		}
	}
	w.pairs = w.b.pairs - w.pair0
	return w
}

// random makes n numbers.
func (w *world) random(n int) *array {
	a := &array{make([]float32, n), w.d.New(n), 1}
	for i := range min(n, 1<<16) {
		a.host[i] = float32(w.rng.NormFloat64())
	}
	for i := 1 << 16; i < n; i *= 2 {
		copy(a.host[i:], a.host[:i])
	}
	w.d.Write(a.card, a.host)
	w.taken = append(w.taken, a.card)
	return a
}

// positive makes n numbers above 0.
func (w *world) positive(n int) *array {
	a := w.random(n)
	for i, v := range a.host {
		a.host[i] = v*v + 0.01
	}
	w.d.Write(a.card, a.host)
	return a
}

// ints of the piece's pairs, on the card.
func (w *world) receiver() cuda.Memory { return w.b.pi.Part(w.pair0, w.pairs) }
func (w *world) sender() cuda.Memory   { return w.b.pj.Part(w.pair0, w.pairs) }

// i and j are the atoms of pair p of the piece.
func (w *world) i(p int) int { return int(w.pi[w.pair0+p]) }
func (w *world) j(p int) int { return int(w.pj[w.pair0+p]) }

// others calls do with the pairs of which atom i of the world is the receiver, and those
// with the same atoms the other way about.
func (w *world) others(i int, do func(j, to, from int)) {
	for p := range w.pi {
		if int(w.pi[p]) == i {
			j := int(w.pj[p])
			do(j, p, int(w.l.start[j])+w.place(j, i))
		}
	}
}

// place is which of j's pairs has i for its sender.
func (w *world) place(j, i int) int {
	k := i - int(w.l.first[j])
	if i > j {
		k--
	}
	return k
}

// job is one launch, and what each number of its results is to be.
type job struct {
	threads int
	args    []cuda.Arg
	results []*array
	want    func(t int) []float64 // number t of each result that has so many
}

// Each kernel by itself writes what the operation gives in double precision.
func TestShimKernels(t *testing.T) {
	source, err := os.ReadFile("kernels.cu")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, found := range regexp.MustCompile(`__global__ void (\w+)`).FindAllSubmatch(source, -1) {
		names = append(names, string(found[1]))
	}
	if slices.Sort(names); !slices.Equal(names, slices.Sorted(maps.Keys(jobs))) {
		t.Errorf("kernels %v, of which are tested %v", names, slices.Sorted(maps.Keys(jobs)))
	}
	d := open(t)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			defer d.Bind()()
			w := newWorld(d, 5, 2, []int{4, 3, 6, 1, 2, 5})
			j := jobs[name](w)
			want := make([][]float64, len(j.results))
			for i := range max(len(j.results[0].host), j.threads) {
				for k, v := range j.want(i) {
					if i < len(j.results[k].host) {
						want[k] = append(want[k], v)
					}
				}
			}
			d.Launch(name, j.threads, j.args...)
			for k, r := range j.results {
				got := make([]float32, r.card.Len())
				d.Read(got, r.card)
				for i := range want[k] {
					got[i] = got[r.every*(i+1)-1]
				}
				near(t, fmt.Sprintf("result %d", k), floats(got[:len(want[k])]), want[k])
			}
			if d.Err() != nil {
				t.Fatal(d.Err())
			}
		})
	}
}

// BenchmarkKernel is a launch of every kernel on the pairs of 512 molecules, 256 channels
// wide, and how fast it moves what it reads and writes.
func BenchmarkKernel(b *testing.B) {
	d, err := Open(cuda.Options{})
	if err != nil {
		b.Skip(err)
	}
	defer d.Close()
	sizes := slices.Repeat([]int{18}, 512)
	for _, name := range slices.Sorted(maps.Keys(jobs)) {
		b.Run(name, func(b *testing.B) {
			defer d.Bind()()
			w := newWorld(d, 256, 0, sizes)
			w.quiet = true
			j, numbers := jobs[name](w), 0
			for _, a := range j.args {
				if m, ok := a.(cuda.Memory); ok {
					numbers += m.Len()
				}
			}
			d.Launch(name, j.threads, j.args...)
			d.Wait()
			b.SetBytes(4 * int64(numbers))
			b.ResetTimer()
			for range b.N {
				d.Launch(name, j.threads, j.args...)
			}
			d.Wait()
			b.StopTimer()
			if w.free(); d.Err() != nil {
				b.Fatal(d.Err())
			}
		})
	}
}
