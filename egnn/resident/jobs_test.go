//go:build cublas && linux

package resident

import (
	"math"

	"equifm/autograd/cuda"
)

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
	"list_pairs": func(w *world) job {
		pi, pj := w.random(w.b.pairs), w.random(w.b.pairs)
		return job{w.b.atoms, []cuda.Arg{w.b.start, w.b.first, w.b.count, pi.card, pj.card}, []*array{pi, pj},
			func(p int) []float64 { // integers, of which the test sees the bits
				return []float64{float64(math.Float32frombits(uint32(w.pi[p]))), float64(math.Float32frombits(uint32(w.pj[p])))}
			}}
	},
	"pair_distance": func(w *world) job {
		x, d := w.random(3*w.b.atoms), w.random(2*w.pairs)
		return job{w.pairs, []cuda.Arg{w.receiver(), w.sender(), x.card, cuda.Int(1), d.card}, []*array{second(d)},
			func(t int) []float64 { return []float64{w.square(x, w.i(t), w.j(t))} }}
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
	"coordinate_shift": func(w *world) job {
		x, weight, y := w.random(3*w.b.atoms), w.random(w.b.pairs), w.random(3*w.b.atoms)
		return job{3 * w.b.atoms, []cuda.Arg{w.b.start, w.b.first, w.b.count, x.card, weight.card, y.card}, []*array{y},
			func(t int) []float64 {
				sum := x.at(t)
				w.others(t/3, func(j, to, _ int) { sum += (x.at(t) - x.at(3*j+t%3)) * weight.at(to) })
				return []float64{sum}
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
	"edge_silu": func(w *world) job {
		u, v, b, c, d, a := w.atoms(), w.atoms(), w.random(w.E), w.random(2*w.E), w.positive(2*w.pairs), w.random(w.pairs*w.E)
		return w.byReceiver([]cuda.Arg{w.b.start, w.b.first, w.b.count, u.card, v.card, b.card, c.card, d.card, a.card}, []*array{a},
			func(p, e int) []float64 { return []float64{swish(w.input(p, e, u, v, b, c, d))} })
	},
	"edge_back": func(w *world) job {
		u, v, b, c, d, da := w.atoms(), w.atoms(), w.random(w.E), w.random(2*w.E), w.positive(2*w.pairs), w.random(w.pairs*w.E)
		du, dc := w.atoms(), w.random(2*w.b.atoms*w.E)
		second := from(dc, w.b.atoms*w.E, w.b.atoms*w.E)
		return w.byReceiver([]cuda.Arg{w.b.start, w.b.first, w.b.count, u.card, v.card, b.card, c.card, d.card, da.card, cuda.Int(w.b.atoms), du.card, dc.card},
			[]*array{da, w.piece(du), w.piece(dc), w.piece(second)}, func(p, e int) []float64 {
				g := da.at(p*w.E+e) * slope(w.input(p, e, u, v, b, c, d))
				return []float64{g, g, g * d.at(2*p), g * d.at(2*p+1)}
			})
	},
	"head_parts": func(w *world) job {
		G := (w.E + partChannels - 1) / partChannels
		z, b, dy, parts := w.random(w.pairs*w.E), w.random(w.E), w.atoms(), w.random(w.pairs*G)
		return job{w.pairs * G, []cuda.Arg{cuda.Int(w.E), cuda.Int(G), w.receiver(), z.card, b.card, dy.card, parts.card}, []*array{parts},
			func(t int) []float64 {
				sum, p := 0.0, t/G
				for e := t % G * partChannels; e < min(w.E, (t%G+1)*partChannels); e++ {
					sum += swish(z.at(p*w.E+e)+b.at(e)) * dy.at(w.i(p)*w.E+e)
				}
				return []float64{sum}
			}}
	},
	"gate": func(w *world) job {
		parts, b, s, weight := w.random(2*w.pairs), w.random(1), w.random(w.pairs), w.random(w.pairs)
		return job{w.pairs, []cuda.Arg{cuda.Int(2), parts.card, b.card, cuda.Float(3), s.card, weight.card}, []*array{s, weight},
			func(t int) []float64 {
				sum := parts.at(2*t) + parts.at(2*t+1)
				return []float64{sum, sigma(sum+b.at(0)) / 3}
			}}
	},
	"gate_back": func(w *world) job {
		parts, s, b, weight, ds := w.random(2*w.pairs), w.random(w.pairs), w.random(1), w.random(w.pairs), w.random(w.pairs)
		return job{w.pairs, []cuda.Arg{cuda.Int(2), parts.card, s.card, b.card, cuda.Float(3), weight.card, ds.card}, []*array{weight, ds},
			func(t int) []float64 {
				g := sigma(s.at(t) + b.at(0))
				return []float64{g / 3, (parts.at(2*t) + parts.at(2*t+1)) * g / 3 * (1 - g)}
			}}
	},
	"message_sum": func(w *world) job {
		weight, z, b, y := w.random(w.pairs), w.random(w.pairs*w.E), w.random(w.E), w.atoms()
		return w.byReceiver([]cuda.Arg{w.b.start, w.b.count, weight.card, z.card, b.card, y.card}, []*array{w.piece(y)},
			func(p, e int) []float64 { return []float64{weight.at(p) * swish(z.at(p*w.E+e)+b.at(e))} })
	},
	"message_back": func(w *world) job {
		b, head, ds, weight, dy, z := w.random(w.E), w.random(w.E), w.random(w.pairs), w.random(w.pairs), w.atoms(), w.random(w.pairs*w.E)
		dhead, db := w.atoms(), w.atoms()
		return w.byReceiver([]cuda.Arg{w.b.start, w.b.count, b.card, head.card, ds.card, weight.card, dy.card, z.card, dhead.card, db.card},
			[]*array{z, w.piece(dhead), w.piece(db)}, func(p, e int) []float64 {
				x := z.at(p*w.E+e) + b.at(e)
				dz := (weight.at(p)*dy.at(w.i(p)*w.E+e) + ds.at(p)*head.at(e)) * slope(x)
				return []float64{dz, ds.at(p) * swish(x), dz}
			})
	},
	"coordinate_weight": func(w *world) job {
		parts, d, s, weight := w.random(2*w.pairs), w.positive(2*w.pairs), w.random(w.pairs), w.random(w.pairs)
		return job{w.pairs, []cuda.Arg{cuda.Int(2), parts.card, d.card, cuda.Float(2), cuda.Float(1), cuda.Float(3), s.card, weight.card}, []*array{s, weight},
			func(t int) []float64 {
				sum := parts.at(2*t) + parts.at(2*t+1)
				return []float64{sum, 2 * math.Tanh(sum) / ((math.Sqrt(d.at(2*t)+1e-8) + 1) * 3)}
			}}
	},
	"coordinate_back": func(w *world) job {
		x, dy, d, s := w.random(3*w.b.atoms), w.random(3*w.b.atoms), w.positive(2*w.pairs), w.random(w.pairs)
		weight, ds, dd := w.random(w.pairs), w.random(w.pairs), w.random(w.pairs)
		return job{w.pairs, []cuda.Arg{w.receiver(), w.sender(), x.card, dy.card, d.card, s.card, cuda.Float(2), cuda.Float(1), cuda.Float(3), weight.card, ds.card, dd.card},
			[]*array{weight, ds, dd}, func(t int) []float64 {
				turn := 0.0
				for k := range 3 {
					turn += (x.at(3*w.i(t)+k) - x.at(3*w.j(t)+k)) * dy.at(3*w.i(t)+k)
				}
				length := math.Sqrt(d.at(2*t) + 1e-8)
				bounded := math.Tanh(s.at(t))
				return []float64{2 * bounded / ((length + 1) * 3), turn * 2 * (1 - bounded*bounded) / ((length + 1) * 3),
					-turn * 2 * bounded / ((length + 1) * (length + 1) * 3 * 2 * length)}
			}}
	},
	"square_parts": func(w *world) job {
		n, perRow := w.pairs*w.E/3, min(256, w.pairs)
		x, parts := w.random(3*n), w.random(3*perRow)
		return job{3 * perRow, []cuda.Arg{cuda.Int(n), cuda.Int(perRow), x.card, parts.card}, []*array{parts},
			func(t int) []float64 {
				sum := 0.0
				for i := t % perRow; i < n; i += perRow {
					sum += x.at(t/perRow*n+i) * x.at(t/perRow*n+i)
				}
				return []float64{sum}
			}}
	},
	"normalise": func(w *world) job {
		n := w.E * w.E
		parts, x := w.positive(3*normParts), w.random(3*n)
		return job{3 * n, []cuda.Arg{cuda.Int(n), cuda.Int(normParts), parts.card, x.card}, []*array{x},
			func(t int) []float64 {
				sum := 0.0
				for i := range normParts {
					sum += parts.at(t/n*normParts + i)
				}
				return []float64{x.at(t) / math.Sqrt(sum)}
			}}
	},
}

// atoms makes a number for every atom and channel, of which piece is the piece's.
func (w *world) atoms() *array { return w.random(w.b.atoms * w.E) }

func (w *world) piece(a *array) *array { return from(a, w.atom0*w.E, (w.b.atoms-w.atom0)*w.E) }

// byReceiver is a job of a thread for every receiver of the piece and channel: of is what a
// pair and channel give to each result, those by atoms the sums of their pairs'.
func (w *world) byReceiver(args []cuda.Arg, results []*array, of func(p, e int) []float64) job {
	byPair := 0
	for byPair < len(results) && len(results[byPair].host) == w.pairs*w.E {
		byPair++
	}
	if w.quiet {
		return w.launch(args, results, nil)
	}
	sums := make([][]float64, len(results))
	for k, r := range results {
		sums[k] = make([]float64, len(r.host))
	}
	for p := range w.pairs {
		for e := range w.E {
			for k, v := range of(p, e) {
				at := p*w.E + e
				if k >= byPair {
					at = (w.i(p)-w.atom0)*w.E + e
				}
				sums[k][at] += v
			}
		}
	}
	return w.launch(args, results, func(t int) (all []float64) {
		for _, sum := range sums {
			all = append(all, sum[min(t, len(sum)-1)])
		}
		return all
	})
}

func (w *world) launch(args []cuda.Arg, results []*array, want func(t int) []float64) job {
	return job{(w.b.atoms - w.atom0) * w.E, append([]cuda.Arg{cuda.Int(w.E), cuda.Int(w.atom0), cuda.Int(w.pair0)}, args...), results, want}
}

// square is |x_i - x_j|².
func (w *world) square(x *array, i, j int) (sum float64) {
	for k := range 3 {
		sum += (x.at(3*i+k) - x.at(3*j+k)) * (x.at(3*i+k) - x.at(3*j+k))
	}
	return sum
}

// input is what SiLU is taken of, for a pair of the piece and a channel.
func (w *world) input(p, e int, u, v, b, c, d *array) float64 {
	return u.at(w.i(p)*w.E+e) + v.at(w.j(p)*w.E+e) + b.at(e) + d.at(2*p)*c.at(e) + d.at(2*p+1)*c.at(w.E+e)
}

// from is n numbers of an array, from one on; second every second.
func from(a *array, at, n int) *array { return &array{a.host[at : at+n], a.card.Part(at, n), 1} }
func second(a *array) *array          { return &array{a.host[:len(a.host)/2], a.card, 2} }
