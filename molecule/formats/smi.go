package formats

import (
	"fmt"
	"io"
	"strings"
)

// WriteSMILES writes one line of a .smi file: the SMILES and, if there is one,
// the name behind a tab. A line break in the name becomes a blank, so that a
// name cannot begin another line.
func WriteSMILES(w io.Writer, smiles, name string) error {
	if smiles == "" || strings.ContainsAny(smiles, " \t\r\n") {
		return fmt.Errorf("write SMILES: %s is none", shown([]byte(smiles)))
	}
	if name != "" {
		smiles += "\t" + strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(name)
	}
	_, err := io.WriteString(w, smiles+"\n")
	return err
}
