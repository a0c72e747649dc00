package trained

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// builtIn holds the checkpoints that are part of the program, by name. There are
// none yet.
var builtIn = map[string]string{}

// BuiltIn lists the names of the built-in models.
func BuiltIn() []string { return slices.Sorted(maps.Keys(builtIn)) }

// unknown is the error for a name that is neither a built-in model's nor a file's.
func unknown(name string) error {
	known := "of which this program has none"
	if names := BuiltIn(); len(names) > 0 {
		known = "one of " + strings.Join(names, ", ")
	}
	return fmt.Errorf("no model is named %q, nor a file; expected a checkpoint, the folder of a run, or a built-in model, %s", name, known)
}
