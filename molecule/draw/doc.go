// Package draw makes pictures of molecules, to see at a glance what a generator
// draws.
//
// A picture is SVG: text that any browser shows, and no dependency. Each molecule
// is turned so that its thinnest direction points at the reader (the axes of its
// spread, by eigenvectors) and drawn as balls and sticks from back to front:
// atoms in the colours of Corey, Pauling and Koltun, double bonds as two lines.
// 20 pixels are an Å, fewer where a molecule would not fit.
package draw
