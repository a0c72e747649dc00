// Package ranktest has ranks that are goroutines of one process, to test with what
// several processes do together: no network, nothing to install. Programs that are to run
// on several machines take package mpi's.
package ranktest
