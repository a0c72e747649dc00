//go:build !cublas || !linux

package cuda

import "errors"

// load returns an error: this program has no code that loads the libraries.
func load([]string) (*API, error) {
	return nil, errors.New("this program was built without -tags cublas, or not for Linux")
}
