package fetch

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"equifm/datasets"
)

// qm9Name is the archive's name, as published.
const qm9Name = "dsgdb9nsd.xyz.tar.bz2"

// QM9 returns where QM9's archive is on this machine: in the working folder, or in the
// user's cache, where it is fetched to from an address if it is not there.
func QM9(ctx context.Context, address, sum string, w io.Writer) (path string, err error) {
	if _, err := os.Stat(qm9Name); err == nil {
		return qm9Name, nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("QM9 is not here, and there is no folder to fetch it to (%w): put %s from %s into the working folder", err, qm9Name, address)
	}
	f := qm9File(address, sum, filepath.Join(cache, "equifm", qm9Name))
	if err := f.Get(ctx, w); err != nil {
		return "", fmt.Errorf("QM9 is not here and was not fetched: %w; put the file from %s at %s yourself, or name it with data.source", err, address, f.Path)
	}
	return f.Path, nil
}

func qm9File(address, sum, path string) File {
	return File{Address: address, Path: path, SHA256: sum, Magic: "BZh", Most: 1 << 30, Check: datasets.CheckQM9,
		Stall: 30 * time.Second, Tries: 6, Pause: time.Second}
}
