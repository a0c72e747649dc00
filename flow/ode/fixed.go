package ode

// tableau holds the weights of an explicit Runge-Kutta method.
type tableau struct {
	c []float64   // (stages) where in the step a stage stands
	a [][]float64 // (stages)(earlier stages) its state from the earlier slopes
	b []float64   // (stages) the step from all slopes
}

var tableaux = [...]tableau{
	Euler:    {c: []float64{0}, a: [][]float64{{}}, b: []float64{1}},
	Midpoint: {c: []float64{0, 0.5}, a: [][]float64{{}, {0.5}}, b: []float64{0, 1}},
	Heun:     {c: []float64{0, 1}, a: [][]float64{{}, {1}}, b: []float64{0.5, 0.5}},
	RK4: {
		c: []float64{0, 0.5, 0.5, 1},
		a: [][]float64{{}, {0.5}, {0, 0.5}, {0, 0, 1}},
		b: []float64{1. / 6, 1. / 3, 1. / 3, 1. / 6},
	},
}

// step carries y from t to t+h.
func (in *Integrator[T]) step(m tableau, f Derivative[T], t, h float64, y []T) error {
	for s, c := range m.c {
		in.combine(in.next, y, h, m.a[s])
		if err := in.eval(f, t+c*h, in.next, in.k[s]); err != nil {
			return err
		}
	}
	in.combine(in.next, y, h, m.b)
	if err := CheckFinite(in.next); err != nil {
		return err
	}
	copy(y, in.next)
	in.stats.Steps++
	return nil
}
