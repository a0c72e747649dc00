package usage

import (
	"flag"
	"io"
	"slices"
	"testing"
)

// A flag that was given and changes nothing is named, with where that is so; one that was not
// given is not, whatever its default, nor a switch that was turned off.
func TestSaid(t *testing.T) {
	for _, k := range []struct {
		args []string
		want string
	}{
		{nil, ""},
		{[]string{"-n", "16"}, "-n changes nothing without -draw"},
		{[]string{"-n", "16", "-draw"}, ""},
		{[]string{"-n", "16", "-draw=false"}, "-n changes nothing without -draw"},
		{[]string{"-json", "-draw"}, "-json changes nothing with -draw"},
		{[]string{"-json=false", "-draw"}, ""},
		{[]string{"-out", ""}, `-out "", expected a value: file to write`},
		{[]string{"-set", ""}, ""},
	} {
		f := flag.NewFlagSet("draw", flag.ContinueOnError)
		f.SetOutput(io.Discard)
		f.Int("n", 16, "molecules")
		f.Bool("json", false, "as JSON")
		f.String("out", "", "`file` to write")
		f.Func("set", "key=value", func(string) error { return nil })
		draw := f.Bool("draw", false, "draw")
		if err := f.Parse(k.args); err != nil {
			t.Fatal(err)
		}
		said, err := Read(f)
		if err == nil {
			err = said.Check(Idle{[]string{"n"}, !*draw, "without -draw"}, Idle{[]string{"json", "out"}, *draw, "with -draw"})
		}
		if err != nil && err.Error() != k.want || err == nil && k.want != "" {
			t.Errorf("%q: error %v, want %q", k.args, err, k.want)
		}
		if got := Others(f, "n", "json"); !slices.Equal(got, []string{"draw", "out", "set"}) {
			t.Errorf("others %q", got)
		}
	}
}
