package smiles

import (
	"strconv"
	"strings"

	"equifm/molecule"
	"equifm/molecule/chem"
)

// organic elements need no brackets.
var organic = [256]bool{molecule.B: true, molecule.C: true, molecule.N: true, molecule.O: true, molecule.F: true, molecule.P: true, molecule.S: true, molecule.Cl: true, molecule.Br: true, molecule.I: true}

// spellAtom writes an atom, in brackets unless the bare symbol would be read as
// the same.
func (w *speller) spellAtom(i int32) {
	a := &w.s.Atoms[i]
	symbol := a.Element.String()
	if a.Aromatic {
		symbol = strings.ToLower(symbol)
	}
	if organic[a.Element] && a.Charge == 0 && a.Isotope == 0 && w.s.ImpliedHydrogens(i) == a.AllHydrogens() {
		w.text = append(w.text, symbol...)
		return
	}
	w.text = append(w.text, '[')
	if a.Isotope > 0 {
		w.text = strconv.AppendInt(w.text, int64(a.Isotope), 10)
	}
	w.text = append(w.text, symbol...)
	if n := a.AllHydrogens(); n > 0 {
		w.text = append(w.text, 'H')
		if n > 1 {
			w.text = strconv.AppendInt(w.text, int64(n), 10)
		}
	}
	w.text = append(w.text, chem.ChargeMark(int(a.Charge))...)
	w.text = append(w.text, ']')
}
