// Package browser tries pages in a real browser, headless, for tests:
//
//	go test -run Browser ./cmd/... -browser "$(command -v chromium)" -shots FOLDER
//
// devtools.go speaks to it, heard.go keeps what it complains of and asks for, look.go
// takes pictures in wide and narrow windows, light and dark.
package browser
