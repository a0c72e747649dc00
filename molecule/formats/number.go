package formats

import (
	"fmt"
	"math"
	"strconv"

	"equifm/molecule"
)

// pow10 holds the powers of ten that a float64 represents exactly.
var pow10 = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
	1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// parseFloat reads a finite decimal number. Up to 15 digits without an exponent
// (all of an ordinary file) take the fast way: the digits as an integer and the
// power of ten are both exact, so their quotient is correctly rounded
// (Clinger 1990). The rest goes to strconv.
func parseFloat(b []byte) (float64, error) {
	i, neg := 0, false
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		neg = b[i] == '-'
		i++
	}
	var mant uint64
	digits, frac := 0, 0
	point := false
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case '0' <= c && c <= '9':
			mant = mant*10 + uint64(c-'0')
			digits++
			if point {
				frac++
			}
		case c == '.' && !point:
			point = true
		default:
			return slowFloat(b)
		}
		if digits > 15 {
			return slowFloat(b)
		}
	}
	if digits == 0 {
		return slowFloat(b)
	}
	v := float64(mant) / pow10[frac]
	if neg {
		v = -v
	}
	return v, nil
}

// slowFloat leaves the reading to strconv, without its hexadecimal numbers,
// underscores, infinities and NaN.
func slowFloat(b []byte) (float64, error) {
	for _, c := range b {
		switch {
		case '0' <= c && c <= '9', c == '.', c == '-', c == '+', c == 'e', c == 'E':
		default:
			return 0, fmt.Errorf("expected a finite number, found %s", shown(b))
		}
	}
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, fmt.Errorf("expected a finite number, found %s", shown(b))
	}
	return v, nil
}

// parseCount reads a count between 0 and maxAtoms.
func parseCount(b []byte, of string) (int, error) {
	n, err := strconv.ParseUint(string(b), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("expected %s, found %s", of, shown(b))
	}
	if n > maxAtoms {
		return 0, fmt.Errorf("expected %s of at most %d, found %d", of, maxAtoms, n)
	}
	return int(n), nil
}

// parseSymbol reads an element's symbol or atomic number.
func parseSymbol(b []byte) (molecule.Element, error) {
	if e, ok := molecule.ParseElement(string(b)); ok {
		return e, nil
	}
	if z, err := strconv.ParseUint(string(b), 10, 8); err == nil && molecule.Element(z).Known() {
		return molecule.Element(z), nil
	}
	return 0, fmt.Errorf("expected an element's symbol, found %s", shown(b))
}
