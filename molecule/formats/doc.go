// Package formats reads and writes files of molecules, one molecule at a time.
//
// XYZ (xyz_read.go, xyz_write.go) has elements and positions in Å and no bonds;
// its comment line carries name and properties as extended XYZ quotes them
// (xyz_comment.go). SDF (sdf_read.go, sdf_write.go) is MDL's table of atoms,
// bonds and formal charges (sdf_charge.go) with data items behind it, in fixed
// columns (V2000, sdf_v2000.go) or, for large molecules, in words (V3000,
// sdf_v3000.go). A .smi file has a SMILES a
// line (smi.go).
//
// [Open] reads XYZ and SDF, gzipped or not, and goes by the name for the format.
// What a writer writes its reader gives back unchanged, whatever a name or value
// holds: XYZ quotes it, SDF, which has no quotes, refuses it. V2000 keeps 1e-4 Å,
// the others every digit.
//
// A file is not trusted. An error says file:line: what was expected; the first
// ends the reading; a count in a file is only a claim until the lines behind it
// have been read (lines.go).
package formats
