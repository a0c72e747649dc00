package metrics

import "encoding/json"

// Judgement is what EDM's protocol says of one molecule.
type Judgement struct {
	Atoms       int
	StableAtoms int    // atoms with an allowed sum of bond orders
	Stable      bool   // all atoms are
	Valid       bool   // the bond graph passes chem.Sanitize
	Fragments   int    // connected parts, 0 if not valid
	SMILES      string // canonical, of the largest fragment; "" if not valid
	Reason      string // why it is not valid
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
	}{j.Atoms, j.StableAtoms, j.Stable, j.Valid, j.Fragments, nil, j.Reason}
	if j.Valid {
		out.SMILES = &j.SMILES
	}
	return json.Marshal(out)
}
