// Package onscreen draws one molecule for a page: what was asked for, every state on
// the way from noise, and what is said of the molecule in the end, all as JSON has it.
//
// It is the part of the page that is Go and knows of no browser, so that it is tested
// where everything else is.
package onscreen
