package metrics

import (
	"encoding/json"

	"equifm/molecule"
)

// Judgement is all that is said of one molecule: EDM's protocol, the older
// GEOM-Drugs figure, the geometry checks. It is made once and handed on.
type Judgement struct {
	Graph       *molecule.Graph // the bonds as perceived, or as stated
	Stated      bool            // bonds and charges are as the file states them
	Charge      int             // of the molecule, e
	Atoms       int
	StableAtoms int    // atoms with an allowed sum of bond orders
	Stable      bool   // all atoms are
	Valid       bool   // the bond graph passes chem.Sanitize
	Fragments   int    // connected parts, 0 if not valid
	SMILES      string // canonical, of the largest fragment; "" if not valid
	Reason      string // why it is not valid

	AllSingle bool // valid with every bond single, as older GEOM-Drugs figures have it
	Checks    Checks

	Nearest float64 // of a stable molecule with a reference: to the nearest of that, see Neighbours; Å
}

// MarshalJSON writes the keys that EDM's protocol has in this project, where the
// SMILES of what is not valid is null, and the reason where there is one.
func (j Judgement) MarshalJSON() ([]byte, error) {
	out := struct {
		Atoms       int     `json:"atoms"`
		StableAtoms int     `json:"stable_atoms"`
		Stable      bool    `json:"stable"`
		Valid       bool    `json:"valid"`
		Fragments   int     `json:"fragments"`
		SMILES      *string `json:"smiles"`
		Reason      string  `json:"reason,omitempty"`
		Stated      bool    `json:"stated,omitempty"`
		Charge      int     `json:"charge,omitempty"`
	}{j.Atoms, j.StableAtoms, j.Stable, j.Valid, j.Fragments, nil, j.Reason, j.Stated, j.Charge}
	if j.Valid {
		out.SMILES = &j.SMILES
	}
	return json.Marshal(out)
}
