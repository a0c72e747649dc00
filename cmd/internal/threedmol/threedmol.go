// Package threedmol has 3Dmol.js, the viewer of molecules in the pages that commands
// write, with its licence. README.md says how it came here.
package threedmol

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"io"
)

var (
	//go:embed 3Dmol-min.js.gz
	packed []byte

	// Viewer is a script of ours that shows molecules by it: an object viewer with start,
	// show, fit and turn.
	//go:embed viewer.js
	Viewer []byte

	// Licence is the text of 3Dmol.js's.
	//go:embed LICENSE.txt
	Licence string
)

// Version is of the script, which does not say it itself.
const Version = "2.5.5"

// sum is the SHA-256 of the script unpacked.
const sum = "f7cc78921ae72e7623e89cdd111434f58c2efddd2ffda1cd212644b406fb8016"

// Script unpacks it, as the npm package has it.
func Script() ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("3Dmol-min.js.gz: %w", err)
	}
	script, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("3Dmol-min.js.gz: %w", err)
	}
	if got := sha256.Sum256(script); hex.EncodeToString(got[:]) != sum {
		return nil, fmt.Errorf("3Dmol-min.js.gz holds a script of SHA-256 %x, expected %s", got, sum)
	}
	return script, nil
}
