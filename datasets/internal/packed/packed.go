// Package packed is the compact form of the built-in sample: positions rounded
// to 0.1 mÅ (as an SDF file rounds them), each atom told from the one before.
//
// The form, all of it compressed by flate:
//
//	uvarint  M, number of molecules
//	M ×      uvarint gdb less the previous one's, byte N
//	ΣN ×     byte Z
//	3ΣN ×    byte  low 8 bits of the difference to the atom before, in 0.1 mÅ
//	3ΣN ×    varint the difference's other bits
//	M ×      byte 1 where the properties are known, or 0
//	K ×      of each property in Columns, for the molecules that have them:
//	         varint the difference to the molecule before, in the last decimal
//
// The low bits are all but random; apart from them the rest compresses.
package packed

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Molecule is a molecule of QM9 as the sample keeps it.
type Molecule struct {
	GDB int
	Z   []byte       // (N)
	Pos [][3]float64 // (N), Å

	Values []float64 // of Columns, or nil where they are not known
}

// Columns are the properties that the sample keeps, with the decimals that QM9 has
// of them, in QM9's own units.
var Columns = [...]struct {
	Key      string
	Decimals int
}{{"mu", 4}, {"alpha", 2}, {"homo", 4}, {"lumo", 4}, {"gap", 4}, {"Cv", 3}}

// perÅ coordinate steps are 1 Å.
const perÅ = 1e4

// Encode packs molecules that are ordered by GDB.
func Encode(w io.Writer, mols []Molecule) error {
	var head, z, low, high []byte
	head = binary.AppendUvarint(head, uint64(len(mols)))
	last := 0
	for _, m := range mols {
		if len(m.Z) > 255 || m.GDB <= last {
			return fmt.Errorf("gdb %d: cannot be packed after gdb %d", m.GDB, last)
		}
		head = binary.AppendUvarint(head, uint64(m.GDB-last))
		head = append(head, byte(len(m.Z)))
		last = m.GDB
		z = append(z, m.Z...)
		var at [3]int64
		for _, p := range m.Pos {
			for k, v := range p {
				q := int64(math.Round(v * perÅ))
				d := q - at[k]
				low = append(low, byte(d))
				high = binary.AppendVarint(high, d>>8)
				at[k] = q
			}
		}
	}
	f, err := flate.NewWriter(w, flate.BestCompression)
	if err != nil {
		return err
	}
	known, values := properties(mols)
	for _, part := range [][]byte{head, z, low, high, known, values} {
		if _, err := f.Write(part); err != nil {
			return err
		}
	}
	return f.Close()
}

// properties packs which molecules have values, and the values.
func properties(mols []Molecule) (known, values []byte) {
	for _, m := range mols {
		has := byte(0)
		if m.Values != nil {
			has = 1
		}
		known = append(known, has)
	}
	for k, c := range Columns {
		last := int64(0)
		for _, m := range mols {
			if m.Values != nil {
				v := int64(math.Round(m.Values[k] * math.Pow10(c.Decimals)))
				values = binary.AppendVarint(values, v-last)
				last = v
			}
		}
	}
	return known, values
}

// readProperties unpacks what properties packed.
func readProperties(mols []Molecule, r *bufio.Reader) error {
	for i := range mols {
		switch has, err := r.ReadByte(); {
		case err != nil:
			return err
		case has == 1:
			mols[i].Values = make([]float64, len(Columns))
		}
	}
	for k, c := range Columns {
		last := int64(0)
		for _, m := range mols {
			if m.Values == nil {
				continue
			}
			d, err := binary.ReadVarint(r)
			if err != nil {
				return err
			}
			last += d
			m.Values[k] = float64(last) / math.Pow10(c.Decimals)
		}
	}
	return nil
}

// Decode unpacks what Encode packed. The molecules share two large slices.
func Decode(data []byte) ([]Molecule, error) {
	r := bufio.NewReader(flate.NewReader(bytes.NewReader(data)))
	count, err := binary.ReadUvarint(r)
	if err != nil || count > 1<<20 {
		return nil, fmt.Errorf("packed: expected a count of molecules, found %d (%v)", count, err)
	}
	mols := make([]Molecule, count)
	sizes := make([]int, count)
	total, gdb := 0, 0
	for i := range mols {
		gap, _ := binary.ReadUvarint(r)
		n, err := r.ReadByte()
		if err != nil {
			return nil, fmt.Errorf("packed: molecule %d: %w", i, err)
		}
		gdb += int(gap)
		mols[i].GDB = gdb
		sizes[i] = int(n)
		total += int(n)
	}
	z, pos := make([]byte, total), make([][3]float64, total)
	low := make([]byte, 3*total)
	if _, err := io.ReadFull(r, z); err != nil {
		return nil, fmt.Errorf("packed: elements: %w", err)
	}
	if _, err := io.ReadFull(r, low); err != nil {
		return nil, fmt.Errorf("packed: coordinates: %w", err)
	}
	for i, n := range sizes {
		mols[i].Z, z = z[:n:n], z[n:]
		mols[i].Pos, pos = pos[:n:n], pos[n:]
		if err := positions(mols[i].Pos, low[:3*n], r); err != nil {
			return nil, fmt.Errorf("packed: molecule %d: %w", i, err)
		}
		low = low[3*n:]
	}
	if err := readProperties(mols, r); err != nil {
		return nil, fmt.Errorf("packed: properties: %w", err)
	}
	return mols, nil
}

func positions(pos [][3]float64, low []byte, high io.ByteReader) error {
	var at [3]int64
	for a := range pos {
		for k := range at {
			h, err := binary.ReadVarint(high)
			if err != nil {
				return err
			}
			at[k] += h<<8 | int64(low[3*a+k])
			pos[a][k] = float64(at[k]) / perÅ
		}
	}
	return nil
}
