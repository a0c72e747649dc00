// Package shim has programs of package cuda run in tests where there is no card. [Use]
// compiles kernels for the processor, with stand-ins for the three libraries
// (cpp/shim.cpp), so that what computes is the very source that a card would be given. A
// [Fake] computes nothing, keeps account of what is held, and fails where it is told to.
package shim
