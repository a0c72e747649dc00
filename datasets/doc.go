// Package datasets brings sets of molecules into memory: the built-in sample of
// QM9, QM9 as published, GEOM-Drugs or any other set as extended XYZ.
//
// Four ways in, one way on:
//
//	datasets.Builtin()                          11,000 molecules of QM9, in the binary
//	datasets.Load("qm9.xyz.gz")                 extended XYZ or SDF, gzipped or not
//	datasets.Load("mine")                       a folder of files of either
//	datasets.Load("dsgdb9nsd.xyz.tar.bz2")      QM9 as published, or a folder of its .xyz files
//	datasets.Load("chains:30-100")              molecules built by rule, of sizes that none of these has: package chains
//
// each give a [Set]: molecules in order, and which of them belong to the splits
// "train", "valid" and "test". A file says so itself by split= in its comment
// lines; QM9 as published is split as EDM and its successors split it
// (qm9split.go), which needs numpy's random numbers (numpy.go) and nothing else.
//
// What a trainer asks of a set of molecules is next to it: how large they are
// ([SizeHistogram], from which a sampler draws N), the mean and spread of a property
// ([PropertyStats], by which a condition is scaled), and which values go with which
// sizes ([Joint]). A [Range] keeps some sizes and leaves out others. A [Quantity] is a property that a model can be conditioned on, with
// its units.
//
// Units: positions in Å; properties as the data set gives them, see
// [QM9Properties], but for those that a Quantity has converted. QM9: R. Ramakrishnan, P. O. Dral, M. Rupp, O. A. von
// Lilienfeld, Sci. Data 1, 140022 (2014), in the public domain.
package datasets
