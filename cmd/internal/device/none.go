//go:build !cublas || !linux

package device

import "errors"

func open(bool) (Device, error) {
	return nil, &Unavailable{errors.New("no device cuda: this program was built without -tags cublas, or not for Linux")}
}
