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
}

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
	for _, part := range [][]byte{head, z, low, high} {
		if _, err := f.Write(part); err != nil {
			return err
		}
	}
	return f.Close()
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
