//go:build cublas && linux

package resident

import (
	"fmt"
	"maps"
	"math"
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
	E            int
	atom0, pair0 int // of the piece
	pairs        int // of the piece
}

func newWorld(d *cuda.Device, E, skip int, sizes []int) *world {
	w := &world{d: d, rng: rand.New(rand.NewPCG(11, 12)), E: E}
	w.b.set(d, &w.l, sizes, 1<<30)
	for _, n := range sizes[:skip] {
		w.atom0 += n
		w.pair0 += n * (n - 1)
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
func (w *world) i(p int) int { return int(w.l.pi[w.pair0+p]) }
func (w *world) j(p int) int { return int(w.l.pj[w.pair0+p]) }

// others calls do with the pairs of which atom i of the world is the receiver, and those
// with the same atoms the other way about.
func (w *world) others(i int, do func(j, to, from int)) {
	for p := range w.l.pi {
		if int(w.l.pi[p]) == i {
			j := int(w.l.pj[p])
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
	want    func(t int) []float64 // a number of each result
}

func sigma(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
func slope(x float64) float64 { return sigma(x) * (1 + x*(1-sigma(x))) }
func swish(x float64) float64 { return x * sigma(x) }

// jobs is a launch of every kernel, by name.
var jobs = map[string]func(w *world) job{
	"add_bias": func(w *world) job {
		n := w.pairs * w.E
		x, b, y := w.random(n), w.random(w.E), w.random(n)
		return job{n, []cuda.Arg{cuda.Int(w.E), x.card, b.card, y.card}, []*array{y},
			func(t int) []float64 { return []float64{x.at(t) + b.at(t%w.E)} }}
	},
	"bias_silu": func(w *world) job {
		n := w.pairs * w.E
		z, b, y := w.random(n), w.random(w.E), w.random(n)
		return job{n, []cuda.Arg{cuda.Int(w.E), z.card, b.card, y.card}, []*array{y},
			func(t int) []float64 { return []float64{swish(z.at(t) + b.at(t%w.E))} }}
	},
	"bias_silu_back": func(w *world) job {
		n := w.pairs * w.E
		z, b, dy := w.random(n), w.random(w.E), w.random(n)
		return job{n, []cuda.Arg{cuda.Int(w.E), z.card, b.card, dy.card}, []*array{dy},
			func(t int) []float64 { return []float64{dy.at(t) * slope(z.at(t)+b.at(t%w.E))} }}
	},
	"copy_columns": func(w *world) job {
		stride := w.E + 2
		m, columns := w.random(w.E*stride), w.random(2*w.E)
		return job{2 * w.E, []cuda.Arg{cuda.Int(w.E), cuda.Int(stride), m.card, columns.card}, []*array{columns},
			func(t int) []float64 { return []float64{m.at(t%w.E*stride + t/w.E)} }}
	},
	"pair_distance": func(w *world) job {
		x, d := w.random(3*w.b.atoms), w.random(2*w.pairs)
		return job{w.pairs, []cuda.Arg{w.receiver(), w.sender(), x.card, cuda.Int(1), d.card}, []*array{second(d)},
			func(t int) []float64 { return []float64{w.square(x, w.i(t), w.j(t))} }}
	},
	"edge_silu": func(w *world) job {
		u, v, b, c, d, a := w.random(w.b.atoms*w.E), w.random(w.b.atoms*w.E), w.random(w.E), w.random(2*w.E), w.positive(2*w.pairs), w.random(w.pairs*w.E)
		return job{w.pairs * w.E, []cuda.Arg{cuda.Int(w.E), w.receiver(), w.sender(), u.card, v.card, b.card, c.card, d.card, a.card}, []*array{a},
			func(t int) []float64 { return []float64{swish(w.input(t, u, v, b, c, d))} }}
	},
	"edge_back": func(w *world) job {
		u, v, b, c, d, da := w.random(w.b.atoms*w.E), w.random(w.b.atoms*w.E), w.random(w.E), w.random(2*w.E), w.positive(2*w.pairs), w.random(w.pairs*w.E)
		return job{w.pairs * w.E, []cuda.Arg{cuda.Int(w.E), w.receiver(), w.sender(), u.card, v.card, b.card, c.card, d.card, da.card}, []*array{da},
			func(t int) []float64 { return []float64{da.at(t) * slope(w.input(t, u, v, b, c, d))} }}
	},
	"gate": func(w *world) job {
		s, b, weight := w.random(w.pairs), w.random(1), w.random(w.pairs)
		return job{w.pairs, []cuda.Arg{cuda.Int(1), s.card, b.card, cuda.Float(3), weight.card}, []*array{weight},
			func(t int) []float64 { return []float64{sigma(s.at(t)+b.at(0)) / 3} }}
	},
	"gate_back": func(w *world) job {
		weight, d := w.random(w.pairs), w.random(w.pairs)
		return job{w.pairs, []cuda.Arg{weight.card, cuda.Float(3), d.card}, []*array{d},
			func(t int) []float64 { return []float64{d.at(t) * weight.at(t) * (1 - 3*weight.at(t))} }}
	},
	"segment_sum": func(w *world) job {
		weight, m, y := w.random(w.pairs), w.random(w.pairs*w.E), w.random(w.b.atoms*w.E)
		n := (w.b.atoms - w.atom0) * w.E
		return job{n, []cuda.Arg{cuda.Int(w.E), cuda.Int(w.atom0), cuda.Int(w.pair0), w.b.start, w.b.count, weight.card, m.card, y.card},
			[]*array{from(y, w.atom0*w.E, n)}, func(t int) []float64 {
				sum := 0.0
				w.others(w.atom0+t/w.E, func(_, to, _ int) { p := to - w.pair0; sum += weight.at(p) * m.at(p*w.E+t%w.E) })
				return []float64{sum}
			}}
	},
	"sender_sum": func(w *world) job {
		dm, dv := w.random(w.pairs*w.E), w.random(w.b.atoms*w.E)
		n := (w.b.atoms - w.atom0) * w.E
		return job{n, []cuda.Arg{cuda.Int(w.E), cuda.Int(w.atom0), cuda.Int(w.pair0), w.b.start, w.b.first, w.b.count, dm.card, dv.card},
			[]*array{from(dv, w.atom0*w.E, n)}, func(t int) []float64 {
				sum := 0.0
				w.others(w.atom0+t/w.E, func(_, _, back int) { sum += dm.at((back-w.pair0)*w.E + t%w.E) })
				return []float64{sum}
			}}
	},
	"times_receiver": func(w *world) job {
		m, dy, q := w.random(w.pairs*w.E), w.random(w.b.atoms*w.E), w.random(w.pairs*w.E)
		return job{w.pairs * w.E, []cuda.Arg{cuda.Int(w.E), w.receiver(), m.card, dy.card, q.card}, []*array{q},
			func(t int) []float64 { return []float64{m.at(t) * dy.at(w.i(t/w.E)*w.E+t%w.E)} }}
	},
	"message_back": func(w *world) job {
		n := w.pairs * w.E
		z, b, head, ds, weight, dy, dz := w.random(n), w.random(w.E), w.random(w.E), w.random(w.pairs), w.random(w.pairs), w.random(w.b.atoms*w.E), w.random(n)
		return job{n, []cuda.Arg{cuda.Int(w.E), w.receiver(), z.card, b.card, head.card, ds.card, weight.card, dy.card, dz.card}, []*array{dz},
			func(t int) []float64 {
				p, e := t/w.E, t%w.E
				return []float64{(weight.at(p)*dy.at(w.i(p)*w.E+e) + ds.at(p)*head.at(e)) * slope(z.at(t)+b.at(e))}
			}}
	},
	"coordinate_weight": func(w *world) job {
		d, s, weight := w.positive(2*w.pairs), w.random(w.pairs), w.random(w.pairs)
		return job{w.pairs, []cuda.Arg{d.card, s.card, cuda.Float(2), cuda.Float(1), cuda.Float(3), weight.card}, []*array{weight},
			func(t int) []float64 {
				return []float64{2 * math.Tanh(s.at(t)) / ((math.Sqrt(d.at(2*t)+1e-8) + 1) * 3)}
			}}
	},
	"coordinate_shift": func(w *world) job {
		x, weight, y := w.random(3*w.b.atoms), w.random(w.b.pairs), w.random(3*w.b.atoms)
		return job{3 * w.b.atoms, []cuda.Arg{w.b.start, w.b.first, w.b.count, x.card, weight.card, y.card}, []*array{y},
			func(t int) []float64 {
				sum := x.at(t)
				w.others(t/3, func(j, to, _ int) { sum += (x.at(t) - x.at(3*j+t%3)) * weight.at(to) })
				return []float64{sum}
			}}
	},
	"coordinate_back": func(w *world) job {
		x, dy, d, s, ds, dd := w.random(3*w.b.atoms), w.random(3*w.b.atoms), w.positive(2*w.pairs), w.random(w.pairs), w.random(w.pairs), w.random(w.pairs)
		return job{w.pairs, []cuda.Arg{w.receiver(), w.sender(), x.card, dy.card, d.card, s.card, cuda.Float(2), cuda.Float(1), cuda.Float(3), ds.card, dd.card},
			[]*array{ds, dd}, func(t int) []float64 {
				turn := 0.0
				for k := range 3 {
					turn += (x.at(3*w.i(t)+k) - x.at(3*w.j(t)+k)) * dy.at(3*w.i(t)+k)
				}
				length := math.Sqrt(d.at(2*t) + 1e-8)
				bounded := math.Tanh(s.at(t))
				return []float64{turn * 2 * (1 - bounded*bounded) / ((length + 1) * 3),
					-turn * 2 * bounded / ((length + 1) * (length + 1) * 3 * 2 * length)}
			}}
	},
	"position_back": func(w *world) job {
		x, weight, dd, dy, dx := w.random(3*w.b.atoms), w.random(w.b.pairs), w.random(w.b.pairs), w.random(3*w.b.atoms), w.random(3*w.b.atoms)
		return job{3 * w.b.atoms, []cuda.Arg{w.b.start, w.b.first, w.b.count, x.card, weight.card, dd.card, dy.card, dx.card}, []*array{dx},
			func(t int) []float64 {
				sum := dy.at(t)
				w.others(t/3, func(j, to, back int) {
					sum += weight.at(to)*dy.at(t) - weight.at(back)*dy.at(3*j+t%3) + 2*(x.at(t)-x.at(3*j+t%3))*(dd.at(to)+dd.at(back))
				})
				return []float64{sum}
			}}
	},
	"adamw": func(w *world) job {
		n := w.pairs
		p, m, v, most, g := w.random(n), w.random(n), w.positive(n), w.positive(n), w.random(n)
		const scale, decay, step, root, b1, b2, eps = 0.5, 0.99, 0.01, 1.5, 0.9, 0.99, 1e-3
		return job{n, []cuda.Arg{p.card, m.card, v.card, most.card, g.card, cuda.Float(scale), cuda.Float(decay), cuda.Float(step), cuda.Float(root),
			cuda.Float(b1), cuda.Float(1 - b1), cuda.Float(b2), cuda.Float(1 - b2), cuda.Float(eps)}, []*array{p, m, v, most},
			func(t int) []float64 {
				grad := scale * g.at(t)
				first, second := b1*m.at(t)+(1-b1)*grad, b2*v.at(t)+(1-b2)*grad*grad
				largest := max(most.at(t), second)
				return []float64{decay*p.at(t) - step*first/(root*math.Sqrt(largest)+eps), first, second, largest}
			}}
	},
	"blend": func(w *world) job {
		n := w.pairs * w.E
		x, z := w.random(n), w.random(n)
		return job{n, []cuda.Arg{cuda.Float(0.75), x.card, cuda.Float(-2), z.card, z.card}, []*array{z},
			func(t int) []float64 { return []float64{0.75*x.at(t) - 2*z.at(t)} }}
	},
	"square_parts": func(w *world) job {
		n, threads := w.pairs*w.E, min(256, w.pairs)
		x, parts := w.random(n), w.random(threads)
		return job{threads, []cuda.Arg{cuda.Int(n), x.card, parts.card}, []*array{parts},
			func(t int) []float64 {
				sum := 0.0
				for i := t; i < n; i += threads {
					sum += x.at(i) * x.at(i)
				}
				return []float64{sum}
			}}
	},
	"normalise": func(w *world) job {
		n := w.E * w.E
		parts, x := w.positive(256), w.random(n)
		return job{n, []cuda.Arg{cuda.Int(256), parts.card, x.card}, []*array{x},
			func(t int) []float64 {
				sum := 0.0
				for i := range 256 {
					sum += parts.at(i)
				}
				return []float64{x.at(t) / math.Sqrt(sum)}
			}}
	},
}

// square is |x_i - x_j|².
func (w *world) square(x *array, i, j int) (sum float64) {
	for k := range 3 {
		sum += (x.at(3*i+k) - x.at(3*j+k)) * (x.at(3*i+k) - x.at(3*j+k))
	}
	return sum
}

// input is what SiLU is taken of, for number t of a piece's pairs by channels.
func (w *world) input(t int, u, v, b, c, d *array) float64 {
	p, e := t/w.E, t%w.E
	return u.at(w.i(p)*w.E+e) + v.at(w.j(p)*w.E+e) + b.at(e) + d.at(2*p)*c.at(e) + d.at(2*p+1)*c.at(w.E+e)
}

// from is n numbers of an array, from one on; second every second.
func from(a *array, at, n int) *array { return &array{a.host[at : at+n], a.card.Part(at, n), 1} }
func second(a *array) *array          { return &array{a.host[:len(a.host)/2], a.card, 2} }

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
	defer d.Bind()()
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			w := newWorld(d, 5, 2, []int{4, 3, 6, 1, 2, 5})
			j := jobs[name](w)
			want := make([][]float64, len(j.results))
			for i := range j.threads {
				for k, v := range j.want(i) {
					want[k] = append(want[k], v)
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

// BenchmarkKernel is a launch of every kernel on as many pairs as a piece has, 256 channels
// wide, and how fast it moves what it reads and writes.
func BenchmarkKernel(b *testing.B) {
	d, err := Open(cuda.Options{})
	if err != nil {
		b.Skip(err)
	}
	defer d.Close()
	sizes := slices.Repeat([]int{18}, piecePairs/(18*17))
	for _, name := range slices.Sorted(maps.Keys(jobs)) {
		b.Run(name, func(b *testing.B) {
			defer d.Bind()()
			w := newWorld(d, 256, 0, sizes)
			j, numbers := jobs[name](w), 0
			for _, a := range j.args {
				if m, ok := a.(cuda.Memory); ok {
					numbers += m.Len()
				}
			}
			d.Launch(name, j.threads, j.args...)
			d.Wait()
			b.SetBytes(4 * int64(numbers))
			for b.Loop() {
				d.Launch(name, j.threads, j.args...)
			}
			d.Wait()
			if d.Err() != nil {
				b.Fatal(d.Err())
			}
		})
	}
}
