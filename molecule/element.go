package molecule

import "fmt"

// Element is an atomic number Z; 0 is no element.
type Element uint8

// The elements of QM9 and GEOM-Drugs.
const (
	H  Element = 1
	B  Element = 5
	C  Element = 6
	N  Element = 7
	O  Element = 8
	F  Element = 9
	Al Element = 13
	Si Element = 14
	P  Element = 15
	S  Element = 16
	Cl Element = 17
	As Element = 33
	Br Element = 35
	I  Element = 53
	Hg Element = 80
	Bi Element = 83
)

// QM9Elements are the elements of QM9, by atomic number.
func QM9Elements() []Element { return []Element{H, C, N, O, F} }

// GEOMElements are the elements of GEOM-Drugs, by atomic number.
func GEOMElements() []Element {
	return []Element{H, B, C, N, O, F, Al, Si, P, S, Cl, As, Br, I, Hg, Bi}
}

var symbols = [...]string{0: "*",
	1: "H", "He", "Li", "Be", "B", "C", "N", "O", "F", "Ne",
	"Na", "Mg", "Al", "Si", "P", "S", "Cl", "Ar", "K", "Ca",
	"Sc", "Ti", "V", "Cr", "Mn", "Fe", "Co", "Ni", "Cu", "Zn",
	"Ga", "Ge", "As", "Se", "Br", "Kr", "Rb", "Sr", "Y", "Zr",
	"Nb", "Mo", "Tc", "Ru", "Rh", "Pd", "Ag", "Cd", "In", "Sn",
	"Sb", "Te", "I", "Xe", "Cs", "Ba", "La", "Ce", "Pr", "Nd",
	"Pm", "Sm", "Eu", "Gd", "Tb", "Dy", "Ho", "Er", "Tm", "Yb",
	"Lu", "Hf", "Ta", "W", "Re", "Os", "Ir", "Pt", "Au", "Hg",
	"Tl", "Pb", "Bi", "Po", "At", "Rn", "Fr", "Ra", "Ac", "Th",
	"Pa", "U", "Np", "Pu", "Am", "Cm", "Bk", "Cf", "Es", "Fm",
	"Md", "No", "Lr", "Rf", "Db", "Sg", "Bh", "Hs", "Mt", "Ds",
	"Rg", "Cn", "Nh", "Fl", "Mc", "Lv", "Ts", "Og",
}

var bySymbol = func() map[string]Element {
	m := make(map[string]Element, len(symbols))
	for z := 1; z < len(symbols); z++ {
		m[symbols[z]] = Element(z)
	}
	return m
}()

// String returns the element's symbol, such as "C" or "Cl".
func (e Element) String() string {
	if int(e) < len(symbols) {
		return symbols[e]
	}
	return fmt.Sprintf("Element(%d)", uint8(e))
}

// ParseElement returns the element of a symbol; case counts: "CL" is none.
func ParseElement(symbol string) (e Element, ok bool) {
	e, ok = bySymbol[symbol]
	return e, ok
}

// Known tells whether e is one of the 118 elements.
func (e Element) Known() bool { return 0 < e && int(e) < len(symbols) }
