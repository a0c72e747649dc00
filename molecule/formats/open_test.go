package formats

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Open goes by the name's ending for the format and by the content for gzip.
func TestOpen(t *testing.T) {
	const xyz = "3\nwater\nO 0 0 0.1193\nH 0 0.7632 -0.477\nH 0 -0.7632 -0.477\n"
	for name, content := range map[string]string{
		"a.xyz": xyz, "a.xyz.gz": zipped(t, xyz), "a.XYZ": zipped(t, xyz), "a.extxyz": xyz, "a.txt.gz": xyz, "a.XYZ.GZ": zipped(t, xyz),
		"a.sdf": water, "a.SDF": water, "a.sdf.gz": zipped(t, water), "a.mol": water,
	} {
		f, err := Open(store(t, name, content))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		ms, err := drain(f)
		if err != nil || len(ms) != 1 || ms[0].Name != "water" || ms[0].Len() != 3 {
			t.Errorf("%s: read %v (%v)", name, ms, err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestOpenErrorsNameTheFile(t *testing.T) {
	long := zipped(t, strings.Repeat("1\n\nH 0 0 0\n", 1000))
	for name, content := range map[string]string{
		"a.pdb": "", "a": "", "a.gz": "", "cut.xyz.gz": long[:len(long)-9], "nozip.xyz": "\x1f\x8bno", "flipped.xyz.gz": long[:len(long)-6] + "abcdef",
	} {
		f, err := Open(store(t, name, content))
		if err == nil {
			_, err = drain(f)
			f.Close()
		}
		if err == nil || !strings.Contains(err.Error(), name+":") {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

// A folder is no file, whatever its name ends in.
func TestOpenNoFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.xyz")
	if err := os.Mkdir(path, 0o777); err != nil {
		t.Fatal(err)
	}
	if f, err := Open(path); err == nil || err.Error() != path+": expected a file of molecules, found a folder" {
		t.Errorf("opened %v, error %v", f, err)
	}
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var buf bytes.Buffer
	w := gzip.NewWriter(&buf)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func store(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
