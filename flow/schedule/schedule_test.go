package schedule

import (
	"math"
	"testing"
)

// A variance-preserving schedule keeps α² + σ² = 1, starts at the data, ends at
// the T of vp-linear, loses signal throughout, and differentiates as it says.
func TestPreservingSchedules(t *testing.T) {
	bent := NewLearned(5)
	for i := range bent.Theta {
		bent.Theta[i] = float64(i*i%7) - 3
	}
	schedules := []Schedule{VPLinear, VPPoly, VPCosine, NewLearned(16), bent}
	for _, name := range []string{"vp-linear(0)", "vp-linear(10.05)", "vp-linear(15)", "vp-poly(1)", "vp-poly(3.5)", "vp-cosine(1.5)"} {
		s, err := Parse(name)
		if err != nil || s.String() != name {
			t.Fatalf("%s became %v (%v)", name, s, err)
		}
		schedules = append(schedules, s)
	}
	for _, s := range schedules {
		near(t, s.String()+" α(0)", s.At(0).Alpha, 1)
		near(t, s.String()+" α(1)", s.At(1).Alpha, math.Exp(-10.05/2))
		last := 1.0
		for i := 1; i < 200; i++ {
			tm := float64(i) / 200
			c := s.At(tm)
			near(t, s.String()+" α²+σ²", c.Alpha*c.Alpha+c.Sigma*c.Sigma, 1)
			if c.Alpha >= last {
				t.Fatalf("%v: α rises at t = %g", s, tm)
			}
			last = c.Alpha
			const h = 1e-6
			dA := (s.At(tm+h).Alpha - s.At(tm-h).Alpha) / (2 * h)
			dS := (s.At(tm+h).Sigma - s.At(tm-h).Sigma) / (2 * h)
			if math.Abs(dA-c.DAlpha) > 1e-4 || math.Abs(dS-c.DSigma) > 1e-4 {
				t.Fatalf("%v at t = %g: α' = %g, σ' = %g; numerically %g, %g", s, tm, c.DAlpha, c.DSigma, dA, dS)
			}
		}
	}
}

func TestSchedulesAreFiniteAtTheEnds(t *testing.T) {
	for _, name := range Names() {
		s, _ := Parse(name)
		for _, tm := range []float64{-1e-12, 0, 1, 1 + 1e-12} {
			c := s.At(tm)
			for _, v := range []float64{c.Alpha, c.Sigma, c.DAlpha, c.DSigma, c.QData, c.QNoise, c.M, c.EndState, c.EndQ} {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Errorf("%s at t = %g: %+v", name, tm, c)
					break
				}
			}
		}
	}
	near(t, "M(0) of vp-linear", VPLinear.At(0).M, -5000)
	if m := VPPoly.At(0).DSigma; math.Abs(m-math.Sqrt2) > 0.01 {
		t.Errorf("σ'(0) of vp-poly is %g; 1-t² leaves √2", m)
	}
}

// EDM's α² is polynomial_2 as its code prints it for 1,000 steps, the clip of
// consecutive ratios included.
func TestEDMAsItsCodeHasIt(t *testing.T) {
	const steps, s = 1000, 1e-5
	clipped, before := 1.0, 1.0
	for i := range steps + 1 {
		u := float64(i) / steps
		a2 := (1 - u*u) * (1 - u*u)
		clipped *= min(max(a2/before, 0.001), 1)
		before = a2
		want := (1-2*s)*clipped + s
		c := EDM.At(u)
		if math.Abs(c.Alpha*c.Alpha-want) > 1e-8 || math.Abs(c.Alpha*c.Alpha+c.Sigma*c.Sigma-1) > 1e-12 {
			t.Errorf("α² = %v at step %d, the code has %v", c.Alpha*c.Alpha, i, want)
		}
		if 0 < i && i < steps {
			const h = 1e-6
			if d := (EDM.At(u+h).Alpha - EDM.At(u-h).Alpha) / (2 * h); math.Abs(d-c.DAlpha) > 1e-6*(1+math.Abs(d)) {
				t.Errorf("step %d: α' = %v, numerically %v", i, c.DAlpha, d)
			}
		}
	}
	near(t, "σ(0)", EDM.At(0).Sigma, math.Sqrt(s))
	near(t, "α(1)", EDM.At(1).Alpha, math.Sqrt(s))
}

// The variance-exploding path keeps the data whole, from σ_min to what its name says.
func TestExploding(t *testing.T) {
	for name, most := range map[string]float64{"ve": 80, "ve(20)": 20} {
		s, err := Parse(name)
		if err != nil || s != (VE{most}) {
			t.Fatalf("%s is read as %v (%v)", name, s, err)
		}
		if again, err := Parse(s.String()); err != nil || again != s {
			t.Errorf("%v is read as %v (%v)", s, again, err)
		}
		for _, tm := range []float64{0, 0.3, 1} {
			c := s.At(tm)
			near(t, "σ", c.Sigma, 0.002+tm*(most-0.002))
			near(t, "xt", c.Alpha*1.5+c.Sigma*-0.4, 1.5-0.4*c.Sigma)
			near(t, "dx/dt", c.M*(c.QData*1.5+c.QNoise*-0.4), -0.4*(most-0.002))
			near(t, "x̂0", c.EndState*(1.5-0.4*c.Sigma)+c.EndQ*-0.4, 1.5)
		}
	}
}

// The time of a noise is where the path has it, or its nearer end.
func TestTimeOf(t *testing.T) {
	for _, s := range []Schedule{Linear{}, VPLinear, EDM, VE{20}, NewLearned(5)} {
		for _, tm := range []float64{0.01, 0.2, 0.77} {
			if got := TimeOf(s, s.At(tm).Ratio()); math.Abs(got-tm) > 1e-9 {
				t.Errorf("%v: t = %v is found at %v", s, tm, got)
			}
		}
		if got := TimeOf(s, 0); got != 0 {
			t.Errorf("%v: no noise at t = %v", s, got)
		}
		if got := TimeOf(s, 1e9); got < 1-1e-8 || got > 1 {
			t.Errorf("%v: all noise at t = %v", s, got)
		}
	}
}

// The families have the fixed schedules as members, and refuse numbers that make none.
func TestFamilies(t *testing.T) {
	for name, same := range map[string]Schedule{"vp-linear(0.1)": VPLinear, "vp-poly(2)": VPPoly, "vp-cosine(1)": VPCosine} {
		s, err := Parse(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 101 {
			a, b := s.At(float64(i)/100), same.At(float64(i)/100)
			near(t, name+" α", a.Alpha, b.Alpha)
			near(t, name+" M", a.M, b.M)
		}
	}
	for _, name := range []string{"vp-poly(0.5)", "vp-poly()", "vp-poly(x)", "vp-poly(2", "vp-linear(20.1)", "vp-linear(-1)", "vp-cosine(NaN)", "ve(0.5)", "ve(x)", "edm(2)", "linear(2)", "bent(2)"} {
		if s, err := Parse(name); err == nil {
			t.Errorf("%s is read as %v", name, s)
		}
	}
}

func TestNewLearnedEqualsVPLinear(t *testing.T) {
	l := NewLearned(16)
	for i := 0; i <= 1000; i++ {
		tm := float64(i) / 1000
		T, dT := l.Exponent(tm)
		near(t, "T", T, 0.1*tm+9.95*tm*tm)
		near(t, "T'", dT, 0.1+19.9*tm)
	}
}

func TestLearnedGradient(t *testing.T) {
	l := NewLearned(6)
	for i := range l.Theta {
		l.Theta[i] = math.Cos(2 * float64(i))
	}
	gT, gRate := make([]float64, 7), make([]float64, 7)
	for _, tm := range []float64{0, 0.21, 0.5, 0.83, 1} {
		l.Gradient(tm, gT, gRate)
		for i, theta := range l.Theta {
			const h = 1e-5
			l.Theta[i] = theta + h
			tp, rp := l.Exponent(tm)
			l.Theta[i] = theta - h
			tn, rn := l.Exponent(tm)
			l.Theta[i] = theta
			if math.Abs((tp-tn)/(2*h)-gT[i]) > 1e-7 || math.Abs((rp-rn)/(2*h)-gRate[i]) > 1e-7 {
				t.Errorf("t = %g, parameter %d: gradients %g, %g; numerically %g, %g",
					tm, i, gT[i], gRate[i], (tp-tn)/(2*h), (rp-rn)/(2*h))
			}
		}
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12*(1+math.Abs(want)) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}
