// Package safetensors reads and writes named arrays of floats in the safetensors
// format (github.com/huggingface/safetensors), which PyTorch, JAX and others read
// and write too. A file is
//
//	8 bytes   n, the length of the header, little-endian
//	n bytes   JSON: {"__metadata__": {"key": "text", …},
//	          "name": {"dtype": "F32", "shape": [2,3], "data_offsets": [0,24]}, …},
//	          padded with spaces until n is a multiple of 8
//	the rest  the numbers, little-endian, row-major; offsets count from here,
//	          and the tensors cover it without gap or overlap
//
// so that nothing in it is ever run, and any tensor is read without the others.
//
// [Write] writes tensors made by [New], and some text, the metadata. [Open] checks
// the header and gives a [File], which says by [File.Lookup] and File.Entries what
// there is; [ReadInto] and [ReadVector] read the numbers. They read a tensor of
// the type and shape that is asked for, or return an error that says which there
// is: a file whose numbers mean something else is found when it is read and not by
// its results.
//
// Four types are known, [F64], [F32], [BF16] and [F16]. The last two are half as
// large as F32 and rounded: for weights to sample with, not for what a training
// goes on from. They are float32 in memory:
//
//	t := safetensors.New("weight", w, 2, 3) // w is a []float32
//	t.DType = safetensors.BF16              // rounded when it is written
//	…
//	err := safetensors.ReadInto(f, "weight", w, 2, 3) // the same call for all three
//
// A file may come from anywhere. Whatever its bytes are, opening it is an error or
// gives a File of which every tensor can be read, takes no more memory than the
// header is long, and never panics; keys given twice, gaps, overlaps and bytes
// that nothing names are errors.
//
// [WriteSealed] adds two checksums to the metadata, and NewFile and Open refuse a
// sealed file in which a single bit has changed: see seal.go. To others such a
// file is one with two more lines of metadata. Checksums are against accidents;
// who alters a file on purpose can seal it again.
//
// Integers, booleans and floats of eight bits are not read.
//
// Start with tensor.go, write.go and read.go; half.go
// has the halves' bits; header.go writes the header, parse.go reads it.
package safetensors
