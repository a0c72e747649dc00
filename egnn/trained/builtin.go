package trained

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"equifm/egnn/trained/config"
)

// qm9 was trained on all of QM9's training split; qm9-told went on from it, and learned to
// be told a formula or a part. builtin/README.md is their card.
//
//go:embed builtin/qm9.safetensors
var qm9 string

//go:embed builtin/qm9-told.safetensors
var qm9Told string

// builtIn holds the checkpoints that are part of the program, by name.
var builtIn = map[string]string{"qm9": qm9, "qm9-told": qm9Told}

// BuiltIn lists the names of the built-in models.
func BuiltIn() []string { return slices.Sorted(maps.Keys(builtIn)) }

// unknown is the error for a name that is neither a built-in model's nor a file's.
func unknown(name string) error {
	return &config.Unknown{Text: fmt.Sprintf("no model is named %q, nor a file; expected a checkpoint, the folder of a run, or a built-in model, one of %s",
		name, strings.Join(BuiltIn(), ", "))}
}
