package formats

import (
	"bytes"
	"fmt"
	"strconv"
)

// Formal charges, as BIOVIA's "CTfile formats" has them: V2000 lists the charged
// atoms in lines behind the bonds, at most eight a line; before that came a mark
// from 0 to 7 on each atom's line, which such a line overrules; V3000 has CHG=c on
// an atom's line.

// mostCharge is the largest charge that the formats allow, e.
const mostCharge = 15

// chargesALine is how many charged atoms a line of V2000 has.
const chargesALine = 8

// parseMark reads the mark on an atom's line: 1, 2, 3 are charges of +3, +2, +1,
// 4 is a radical, 5, 6, 7 are -1, -2, -3.
func parseMark(b []byte) (charge int8, err error) {
	if len(b) == 0 {
		return 0, nil
	}
	v, err := strconv.Atoi(string(b))
	if err != nil || v < 0 || v > 7 {
		return 0, fmt.Errorf("expected a mark of charge between 0 and 7, found %s", shown(b))
	}
	if v == 0 {
		return 0, nil
	}
	return int8(4 - v), nil
}

// v2000Charges reads "M  CHG  2   1   1   4  -1": how many, then atoms and their charges.
func v2000Charges(line []byte, charges []int8) error {
	w := bytes.Fields(line[len("M  CHG"):])
	if len(w)%2 != 1 || string(w[0]) != strconv.Itoa(len(w)/2) || len(w)/2 > chargesALine {
		return fmt.Errorf("expected \"M  CHG\", a count of at most %d, and as many atoms with their charges, found %s", chargesALine, shown(line))
	}
	for k := 1; k < len(w); k += 2 {
		i, err := strconv.Atoi(string(w[k]))
		if err != nil || i < 1 || i > len(charges) {
			return fmt.Errorf("expected an atom between 1 and %d, found %s", len(charges), shown(w[k]))
		}
		if charges[i-1], err = parseCharge(w[k+1]); err != nil {
			return err
		}
	}
	return nil
}

// v3000Charge looks for CHG=c among the words behind an atom's coordinates.
func v3000Charge(words [][]byte) (charge int8, err error) {
	for _, w := range words {
		if v, ok := bytes.CutPrefix(w, []byte("CHG=")); ok {
			return parseCharge(v)
		}
	}
	return 0, nil
}

func parseCharge(b []byte) (int8, error) {
	v, err := strconv.Atoi(string(b))
	if err != nil || v < -mostCharge || v > mostCharge {
		return 0, fmt.Errorf("expected a charge between -%d and %[1]d, found %s", mostCharge, shown(b))
	}
	return int8(v), nil
}

// appendV2000Charges lists the charged atoms.
func appendV2000Charges(b []byte, charges []int8) []byte {
	var charged []int
	for i, c := range charges {
		if c != 0 {
			charged = append(charged, i)
		}
	}
	for len(charged) > 0 {
		n := min(len(charged), chargesALine)
		b = fmt.Appendf(b, "M  CHG%3d", n)
		for _, i := range charged[:n] {
			b = fmt.Appendf(b, " %3d %3d", i+1, charges[i])
		}
		b, charged = append(b, '\n'), charged[n:]
	}
	return b
}
