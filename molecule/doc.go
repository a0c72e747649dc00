// Package molecule holds molecules and judges them.
//
// Legend: N atoms; positions in Å; bond tables in pm.
package molecule
