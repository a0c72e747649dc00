package report

import (
	"fmt"
	"io"
	"math"

	"equifm/egnn/trained"

	"gonum.org/v1/gonum/stat"
)

// Likelihood is how likely a model makes one molecule, for programs. A number that is
// not finite is left out.
type Likelihood struct {
	Molecule   int      `json:"molecule"` // from 1
	Name       string   `json:"name,omitempty"`
	Atoms      int      `json:"atoms"`
	Dimensions int      `json:"dimensions"`       // 3(N-1) + F·N
	LogP       float64  `json:"log_p"`            // of positions and elements given N, nat, from below
	Error      *float64 `json:"error,omitempty"`  // its standard error over draws
	LogSize    *float64 `json:"log_pn,omitempty"` // log p(N), nat
	NFE        int      `json:"nfe"`
}

// NewLikelihood returns what programs are told of a molecule.
func NewLikelihood(number int, name string, l trained.Likelihood) Likelihood {
	return Likelihood{number, name, l.Atoms, l.Dimensions, l.LogP, finite(l.Error), finite(l.LogSize), l.NFE}
}

func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}

// Mean is a mean over molecules with its standard error, which one molecule has none of.
type Mean struct {
	Value float64  `json:"mean"`
	Error *float64 `json:"error,omitempty"`
}

// Likelihoods is how likely a model makes molecules.
type Likelihoods struct {
	Molecules int  `json:"molecules"`
	Nats      Mean `json:"nats"`   // -log p of a molecule, N among it: of those whose size the training set has
	Unseen    int  `json:"unseen"` // molecules whose size it does not have: their p(N) is 0
	Given     Mean `json:"nats_given_n"`
	Bits      Mean `json:"bits_per_dimension"` // -log₂ p(x, h | N)/D
	NFE       Mean `json:"nfe"`
}

// NewLikelihoods averages over molecules.
func NewLikelihoods(all []trained.Likelihood) Likelihoods {
	var nats, given, bits, nfe []float64
	for _, l := range all {
		if !math.IsInf(l.LogSize, 0) {
			nats = append(nats, -l.LogP-l.LogSize)
		}
		given, nfe = append(given, -l.LogP), append(nfe, float64(l.NFE))
		if l.Dimensions > 0 {
			bits = append(bits, -l.LogP/float64(l.Dimensions)/math.Ln2)
		}
	}
	return Likelihoods{len(all), meanOf(nats), len(all) - len(nats), meanOf(given), meanOf(bits), meanOf(nfe)}
}

func meanOf(values []float64) (m Mean) {
	if len(values) > 0 {
		m.Value = stat.Mean(values, nil)
	}
	if len(values) > 1 {
		e := stat.StdErr(stat.StdDev(values, nil), float64(len(values)))
		m.Error = &e
	}
	return m
}

// Table writes the means for people.
func (l Likelihoods) Table(w io.Writer) {
	fmt.Fprintf(w, "%-34s %d\n", "molecules", l.Molecules)
	line := func(what string, m Mean) {
		fmt.Fprintf(w, "%-34s %.3f", what, m.Value)
		if m.Error != nil {
			fmt.Fprintf(w, " ± %.3f", *m.Error)
		}
		fmt.Fprintln(w)
	}
	line("-log₂ p(x, h | N), bits/dimension", l.Bits)
	line("-log p(x, h | N), nat/molecule", l.Given)
	if l.Unseen < l.Molecules {
		line("-log p(x, h, N), nat/molecule", l.Nats)
	}
	line("evaluations", l.NFE)
	if l.Unseen > 0 {
		fmt.Fprintf(w, "%d molecules have a number of atoms that the training set does not: their p(N) is 0, and -log p(x, h, N) is of the others\n", l.Unseen)
	}
	fmt.Fprintln(w, "± is the standard error over molecules; log p is a bound from below; positions in Å")
}
