package runtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// named are the fields of JSON whose keys are names of something, not fields.
var named = []string{"counts", "intervals", "reasons", "checks", "bonds_by_radii", "by_kind", "metadata"}

// Documented fails the test unless every field of the objects in text, which is JSON, one
// object or one a line, is in code type on the page .docs/json.md.
func Documented(t *testing.T, text string) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	page, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", "..", "..", ".docs", "json.md"))
	if err != nil {
		t.Fatal(err)
	}
	var look func(in string, v any)
	look = func(in string, v any) {
		switch v := v.(type) {
		case []any:
			for _, each := range v {
				look(in, each)
			}
		case map[string]any:
			for key, value := range v {
				name := in + key
				if !strings.Contains(string(page), "`"+key+"`") && !strings.Contains(string(page), "`"+name+"`") {
					t.Errorf(".docs/json.md does not say what %s is", name)
				}
				if !slices.Contains(named, key) {
					look(key+".", value)
				}
			}
		}
	}
	for line := range strings.Lines(text) {
		var v any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		look("", v)
	}
}
