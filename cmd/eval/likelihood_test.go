package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"equifm/cmd/internal/report"
	"equifm/cmd/internal/run/runtest"
)

const version1 = "../../testdata/checkpoints/version1.safetensors"

// The totals are the means of the lines, and what is wrong is said.
func TestLikelihood(t *testing.T) {
	var out bytes.Buffer
	if err := run(strings.Fields("-likelihood -model "+version1+" -jsonl -n 3 -end 0.2 -draws 2 testdata/few.xyz"), nil, &out, &out); err != nil {
		t.Fatal(err)
	}
	runtest.Documented(t, out.String())
	d := json.NewDecoder(&out)
	var given, bits float64
	for k := range 3 {
		var l report.Likelihood
		if err := d.Decode(&l); err != nil || l.Molecule != k+1 || l.Dimensions != 3*(l.Atoms-1)+6*l.Atoms || l.Error == nil || *l.Error <= 0 {
			t.Errorf("line %d: %+v, error %v", k+1, l, err)
		}
		given -= l.LogP / 3
		bits -= l.LogP / float64(l.Dimensions) / math.Ln2 / 3
	}
	var total report.Likelihoods
	if err := d.Decode(&total); err != nil || total.Molecules != 3 || math.Abs(total.Given.Value-given) > 1e-9 || math.Abs(total.Bits.Value-bits) > 1e-9 || total.Given.Error == nil {
		t.Errorf("total %+v, error %v; the lines have %v nat and %v bits", total, err, given, bits)
	}
	out.Reset()
	if err := run(strings.Fields("-likelihood -model "+version1+" -n 2 -end 0.2 testdata/few.xyz"), nil, &out, &out); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, "bits/dimension") || !strings.Contains(text, " ± ") {
		t.Errorf("table:\n%s", text)
	}
	for args, want := range map[string]string{
		"-likelihood testdata/empty.xyz":                          "expected molecules, found none",
		"-likelihood -model absent testdata/few.xyz":              `no model is named "absent"`,
		"-likelihood -trace some testdata/few.xyz":                `-trace: unknown trace "some"`,
		"-likelihood -probes 0 testdata/few.xyz":                  "-probes 0",
		"-likelihood -end 1 testdata/few.xyz":                     "-end 1",
		"-likelihood -model " + version1 + " testdata/absent.xyz": "absent.xyz",
	} {
		if err := run(strings.Fields(args), nil, &out, &out); err == nil || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%s: error %v, want %q in it", args, err, want)
		}
	}
}
