package trained

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// qm9 was trained on all of QM9's training split; builtin/README.md is its card.
//
//go:embed builtin/qm9.safetensors
var qm9 string

// builtIn holds the checkpoints that are part of the program, by name.
var builtIn = map[string]string{"qm9": qm9}

// BuiltIn lists the names of the built-in models.
func BuiltIn() []string { return slices.Sorted(maps.Keys(builtIn)) }

// unknown is the error for a name that is neither a built-in model's nor a file's.
func unknown(name string) error {
	return fmt.Errorf("no model is named %q, nor a file; expected a checkpoint, the folder of a run, or a built-in model, one of %s",
		name, strings.Join(BuiltIn(), ", "))
}
