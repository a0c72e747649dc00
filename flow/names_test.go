package flow_test

import (
	"encoding"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"equifm/eot"
	"equifm/flow"
)

// A name read is the name written, no other is read, and a number without a name
// is not written as one.
func TestNamesAreTheirText(t *testing.T) {
	type named interface {
		encoding.TextUnmarshaler
		encoding.TextMarshaler
		fmt.Stringer
	}
	for _, c := range []struct {
		value named
		names []string
	}{
		{new(flow.Solver), flow.SolverNames()},
		{new(flow.Grid), flow.GridNames()},
		{new(flow.TimeKind), []string{"uniform", "logit-normal", "power", "log-normal"}},
		{new(flow.CoordinateOutput), []string{"velocity", "residual", "noise", "preconditioned"}},
		{new(flow.FeatureOutput), []string{"velocity", "endpoint", "types", "noise", "preconditioned"}},
		{new(eot.Mode), []string{"none", "permutation", "rotation", "both"}},
	} {
		for _, name := range c.names {
			err := c.value.UnmarshalText([]byte(name))
			text, errBack := c.value.MarshalText()
			if err != nil || errBack != nil || string(text) != name || c.value.String() != name {
				t.Errorf("%T: %q is read as %v and written as %q (%v, %v)", c.value, name, c.value, text, err, errBack)
			}
		}
		before := c.value.String()
		for _, bad := range []string{"", "Euler", "none "} {
			if err := c.value.UnmarshalText([]byte(bad)); err == nil || c.value.String() != before {
				t.Errorf("%T: %q is read as %v", c.value, bad, c.value)
			}
		}
	}
	if err := new(flow.Solver).UnmarshalText([]byte("rk5")); err == nil || !strings.Contains(err.Error(), "midpoint") {
		t.Errorf("error %v does not name what is known", err)
	}
	for _, bad := range []any{flow.Solver(-1), flow.Grid(5), flow.TimeKind(4), flow.CoordinateOutput(4), flow.FeatureOutput(9), eot.Mode(4)} {
		if text, err := json.Marshal(bad); err == nil {
			t.Errorf("%v is written as %s", bad, text)
		}
	}
}
