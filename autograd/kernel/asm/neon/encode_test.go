package main

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The words are those of GNU as 2.40 for the instructions beside them.
func TestEncodings(t *testing.T) {
	for _, c := range []struct {
		got, want uint32
		text      string
	}{
		{encode3(fadd, 1, 2, 3), 0x4e23d441, "fadd v1.4s, v2.4s, v3.4s"},
		{encode3(fsub, 31, 30, 29), 0x4ebdd7df, "fsub v31.4s, v30.4s, v29.4s"},
		{encode3(fmul, 0, 17, 8), 0x6e28de20, "fmul v0.4s, v17.4s, v8.4s"},
		{encode3(fdiv, 5, 6, 7), 0x6e27fcc5, "fdiv v5.4s, v6.4s, v7.4s"},
		{encode3(fmax, 16, 1, 31), 0x4e3ff430, "fmax v16.4s, v1.4s, v31.4s"},
		{encode3(fmin, 3, 4, 5), 0x4ea5f483, "fmin v3.4s, v4.4s, v5.4s"},
		{encode3(faddp, 9, 10, 11), 0x6e2bd549, "faddp v9.4s, v10.4s, v11.4s"},
		{encode3(fcmgt, 12, 13, 14), 0x6eaee5ac, "fcmgt v12.4s, v13.4s, v14.4s"},
		{encode3(bic, 1, 2, 3), 0x4e631c41, "bic v1.16b, v2.16b, v3.16b"},
		{encode3(fadd2, 1, 2, 3), 0x4e63d441, "fadd v1.2d, v2.2d, v3.2d"},
		{encode2(fneg, 21, 22), 0x6ea0fad5, "fneg v21.4s, v22.4s"},
		{encode2(fsqrt, 23, 24), 0x6ea1fb17, "fsqrt v23.4s, v24.4s"},
		{encode2(cmlt, 25, 26), 0x4ea0ab59, "cmlt v25.4s, v26.4s, #0"},
		{encode2(fcvtl, 27, 28), 0x0e617b9b, "fcvtl v27.2d, v28.2s"},
		{encode2(fcvtl2, 29, 30), 0x4e617bdd, "fcvtl2 v29.2d, v30.4s"},
		{encode2(faddp1, 3, 19), 0x7e30da63, "faddp s3, v19.2s"},
		{encode2(faddp2, 4, 20), 0x7e70da84, "faddp d4, v20.2d"},
		{encodeLane(fmlaLane, 7, 25, 31, 3), 0x4fbf1b27, "fmla v7.4s, v25.4s, v31.s[3]"},
		{encodeLane(fmlaLane, 8, 1, 18, 1), 0x4fb21028, "fmla v8.4s, v1.4s, v18.s[1]"},
		{encodeLane(fmulLane, 9, 2, 26, 2), 0x4f9a9849, "fmul v9.4s, v2.4s, v26.s[2]"},
		{encodeLane(fmulLane, 9, 2, 6, 0), 0x4f869049, "fmul v9.4s, v2.4s, v6.s[0]"},
		{encodeShift(sshr, 15, 14, 1), 0x4f3f05cf, "sshr v15.4s, v14.4s, #1"},
		{encodeShift(sshr, 1, 31, 31), 0x4f2107e1, "sshr v1.4s, v31.4s, #31"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %08x, not %08x", c.text, c.got, c.want)
		}
	}
}

// Every word of the assembly is what the comment beside it says, by GNU's
// disassembler where there is one.
func TestWordsAreTheirNames(t *testing.T) {
	const objdump = "aarch64-linux-gnu-objdump"
	if _, err := exec.LookPath(objdump); err != nil {
		t.Skip("no " + objdump)
	}
	text, err := os.ReadFile("../../neon_arm64.s")
	if err != nil {
		t.Fatal(err)
	}
	var code []byte
	var names []string
	for _, m := range regexp.MustCompile(`WORD\t\$0x(\w{8}) // (.*)`).FindAllStringSubmatch(string(text), -1) {
		bits, err := strconv.ParseUint(m[1], 16, 32)
		if err != nil {
			t.Fatal(err)
		}
		code, names = binary.LittleEndian.AppendUint32(code, uint32(bits)), append(names, m[2])
	}
	file := filepath.Join(t.TempDir(), "words")
	if err := os.WriteFile(file, code, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(objdump, "-D", "-b", "binary", "-m", "aarch64", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^ *\w+:\t\w{8} \t(.*)$`).FindAllStringSubmatch(string(out), -1)
	if len(lines) != len(names) || len(names) == 0 {
		t.Fatalf("%d instructions of %d words", len(lines), len(names))
	}
	for i, m := range lines {
		if got := strings.Replace(m[1], "\t", " ", 1); got != strings.ToLower(names[i]) {
			t.Fatalf("%s is %s", names[i], got)
		}
	}
}
