package flow

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"equifm/autograd"
	"equifm/flow/schedule"
)

const atoms, features = 7, 6

func newState[T autograd.Float]() State[T] {
	return State[T]{X: make([]T, 3*atoms), H: make([]T, features*atoms)}
}

// drawPair returns data and noise with centred coordinates.
func drawPair(rng *rand.Rand) (data, noise State[float64]) {
	data, noise = newState[float64](), newState[float64]()
	CentredNormal(rng, data.X)
	CentredNormal(rng, noise.X)
	Normal(rng, data.H)
	Normal(rng, noise.H)
	return data, noise
}

func worst(a, b []float64) float64 {
	var w float64
	for i := range a {
		w = max(w, math.Abs(a[i]-b[i]))
	}
	return w
}

// allPaths is every pair of schedules, a learned one away from its start among them.
func allPaths(t *testing.T) []Path {
	var paths []Path
	for _, x := range schedule.Names() {
		for _, h := range schedule.Names() {
			p, err := ParsePath(x, h)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []schedule.Schedule{p.X, p.H} {
				if l, ok := s.(*schedule.Learned); ok {
					for i := range l.Theta {
						l.Theta[i] = math.Sin(3 * float64(i))
					}
				}
			}
			paths = append(paths, p)
			p.Z = schedule.VPCosine // for the last channel
			paths = append(paths, p)
			p.X = schedule.Wide{Schedule: p.X, Width: 1.3}
			paths = append(paths, p)
		}
	}
	return paths
}

func TestTargetsInvertToData(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	for _, p := range allPaths(t) {
		for _, tm := range []float64{0, 1e-6, 0.01, 0.3, 0.9, 1} {
			data, noise := drawPair(rng)
			at, q, back := newState[float64](), newState[float64](), newState[float64]()
			Interpolate(p, tm, data, noise, at, q)
			EndPoint(p, tm, at, q, back)
			if e := max(worst(back.X, data.X), worst(back.H, data.H)); e > 1e-12 {
				t.Errorf("%v/%v at t = %g: end point off by %g", p.X, p.H, tm, e)
			}
		}
	}
}

// The velocity is the derivative of the path, but for the regulariser in M of
// the variance-preserving schedules, which scales it by σ²/(σ²+1e-5).
func TestVelocityIsDerivativeOfPath(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	for _, p := range allPaths(t) {
		// 0.37 and the rest keep away from the knots of the learned schedule,
		// where the third derivative jumps.
		for _, tm := range []float64{0.02, 0.1, 0.37, 0.7, 0.97} {
			data, noise := drawPair(rng)
			at, q, v := newState[float64](), newState[float64](), newState[float64]()
			Interpolate(p, tm, data, noise, at, q)
			Velocity(p, tm, q, v)
			undoRegulariser(p.X, tm, v.X)
			for _, s := range spansOf(p, v) {
				s.each(func(from, to int) { undoRegulariser(s.Schedule, tm, v.H[from:to]) })
			}
			d := pathDerivative(p, tm, data, noise)
			size := 1 + max(worst(d.X, make([]float64, len(d.X))), worst(d.H, make([]float64, len(d.H))))
			if e := max(worst(v.X, d.X), worst(v.H, d.H)) / size; e > 1e-6 {
				t.Errorf("%v/%v/%v at t = %g: velocity off by %g", p.X, p.H, p.Z, tm, e)
			}
		}
	}
}

// The last channel may run by a schedule of its own, and the others do not notice; a
// network that answers the data predicts the target in all of them.
func TestLastChannelApart(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 0))
	data, noise := drawPair(rng)
	apart, last := Path{X: schedule.Linear{}, H: schedule.VPLinear, Z: schedule.Linear{}}, Path{X: schedule.Linear{}, H: schedule.Linear{}}
	at, target, want, q, alone, alsoQ := newState[float64](), newState[float64](), newState[float64](), newState[float64](), newState[float64](), newState[float64]()
	Interpolate(apart, 0.4, data, noise, at, target)
	Interpolate(Hybrid, 0.4, data, noise, want, q)
	Interpolate(last, 0.4, data, noise, alone, alsoQ)
	for i := range at.H {
		if i%features == features-1 {
			want.H[i], q.H[i] = alone.H[i], alsoQ.H[i]
		}
	}
	if worst(at.H, want.H) != 0 || worst(target.H, q.H) != 0 || worst(at.X, want.X) != 0 {
		t.Error("the last channel's schedule is not its own, or is another one's too")
	}
	tape := autograd.NewTape[float64]()
	p := Predict(tape, Output{H: FeatureEndPoint}, apart, []float64{0.4}, []int{atoms}, at, tape.Const(atoms, 3, target.X), tape.Const(atoms, features, data.H))
	if e := worst(p.QH.Data, target.H); e > 1e-12 {
		t.Errorf("the prediction is off by %g", e)
	}
}

func undoRegulariser(s schedule.Schedule, t float64, v []float64) {
	if w, ok := s.(schedule.Wide); ok {
		s = w.Schedule
	}
	switch s.(type) {
	case schedule.Linear, schedule.VE:
		return
	}
	s2 := s.At(t).Sigma * s.At(t).Sigma
	scale(v, (s2+1e-5)/s2, v)
}

// pathDerivative is the central difference of fourth order.
func pathDerivative(p Path, t float64, data, noise State[float64]) State[float64] {
	const h = 1e-4
	d, at, q := newState[float64](), newState[float64](), newState[float64]()
	for k, w := range map[float64]float64{-2: 1, -1: -8, 1: 8, 2: -1} {
		Interpolate(p, t+k*h, data, noise, at, q)
		mix(d.X, 1, d.X, w/(12*h), at.X)
		mix(d.H, 1, d.H, w/(12*h), at.H)
	}
	return d
}

// The formulas as the paper and its code print them, beside the weights that Interpolate uses.
func TestHybridPathAsPrinted(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 0))
	for _, tm := range []float64{0, 0.05, 0.5, 1} {
		data, noise := drawPair(rng)
		at, q := newState[float64](), newState[float64]()
		Interpolate(Hybrid, tm, data, noise, at, q)
		s := schedule.Epsilon + (1-schedule.Epsilon)*tm
		T := 0.1*tm + 9.95*tm*tm
		a := math.Exp(-T / 2)
		for i, x0 := range data.X {
			z := noise.X[i]
			near(t, "xt", at.X[i], (1-tm)*x0+s*z)
			near(t, "qx", q.X[i], (1-schedule.Epsilon)*z-x0)
		}
		for i, h0 := range data.H {
			ht := a*h0 + math.Sqrt(1-a*a)*noise.H[i]
			near(t, "ht", at.H[i], ht)
			near(t, "qh", q.H[i], a*h0-a*a*ht)
		}
		near(t, "M", Hybrid.H.At(tm).M, -0.5*(0.1+19.9*tm)/(1-math.Exp(-T)+1e-5))
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12*(1+math.Abs(want)) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func TestPathKeepsCentre(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 0))
	data, noise := drawPair(rng)
	for _, p := range allPaths(t) {
		at, q := newState[float64](), newState[float64]()
		Interpolate(p, 0.4, data, noise, at, q)
		for _, x := range [][]float64{at.X, q.X} {
			centred := append([]float64(nil), x...)
			Centre(centred)
			if e := worst(x, centred); e > 1e-14*(1+p.X.At(0.4).Sigma) {
				t.Errorf("%v: centre off by %g", p.X, e)
			}
		}
	}
}

func TestFloat32FollowsFloat64(t *testing.T) {
	data, noise := drawPair(rand.New(rand.NewPCG(5, 0)))
	at, q := newState[float64](), newState[float64]()
	Interpolate(Hybrid, 0.3, data, noise, at, q)
	at32, q32 := newState[float32](), newState[float32]()
	Interpolate(Hybrid, 0.3, narrow(data), narrow(noise), at32, q32)
	for i := range at.H {
		if math.Abs(float64(at32.H[i])-at.H[i]) > 1e-6 || math.Abs(float64(q32.H[i])-q.H[i]) > 1e-6 {
			t.Fatalf("float32 (%v, %v), float64 (%v, %v)", at32.H[i], q32.H[i], at.H[i], q.H[i])
		}
	}
}

func narrow(s State[float64]) State[float32] {
	n := newState[float32]()
	for i, v := range s.X {
		n.X[i] = float32(v)
	}
	for i, v := range s.H {
		n.H[i] = float32(v)
	}
	return n
}

func TestUnknownScheduleNamesTheKnown(t *testing.T) {
	for _, names := range [][2]string{{"linear", "vp-quartic"}, {"vp-quartic", "linear"}} {
		if _, err := ParsePath(names[0], names[1]); err == nil || !strings.Contains(err.Error(), "vp-cosine") {
			t.Errorf("%v: error %v", names, err)
		}
	}
}

// Half a path is none.
func TestPathWithoutASchedule(t *testing.T) {
	for _, p := range []Path{{}, {X: schedule.Linear{}}, {H: schedule.Linear{}}} {
		if p.check() == nil {
			t.Errorf("%+v is taken", p)
		}
	}
	if err := Hybrid.check(); err != nil {
		t.Error(err)
	}
}

// Arrays that differ in length are a programmer's mistake.
func TestPathPanics(t *testing.T) {
	short := State[float64]{X: make([]float64, 3), H: make([]float64, features*atoms)}
	full := newState[float64]()
	for name, f := range map[string]func(){
		"data":     func() { Interpolate(Hybrid, 0.3, short, full, full, full) },
		"noise":    func() { Interpolate(Hybrid, 0.3, full, short, full, full) },
		"state":    func() { EndPoint(Hybrid, 0.3, full, full, short) },
		"velocity": func() { Velocity(Hybrid, 0.3, full, short) },
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, "flow: path: arrays of") {
					t.Errorf("%s too short: panic %q", name, got)
				}
			}()
			f()
		}()
	}
}

func TestPathDoesNotAllocate(t *testing.T) {
	data, noise := drawPair(rand.New(rand.NewPCG(6, 0)))
	at, q := newState[float64](), newState[float64]()
	learned := Path{X: schedule.Linear{}, H: schedule.NewLearned(16)}
	apart := Hybrid
	apart.Z = schedule.VPCosine
	for _, p := range []Path{Hybrid, learned, apart} {
		if n := testing.AllocsPerRun(10, func() { Interpolate(p, 0.3, data, noise, at, q) }); n != 0 {
			t.Errorf("%v/%v: %v allocations", p.X, p.H, n)
		}
	}
}
