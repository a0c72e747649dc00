package parallel

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"unsafe"
)

// Ranks is this process among some that were started together, run the same program on
// the same data, and share its work out. All of them make the same calls in the same
// order, each from one goroutine at a time; a call returns when this one's part of it is
// done. There is no error to handle: where ranks cannot reach each other, all of them end.
//
// A nil Ranks is a process alone, to the functions of this package and wherever a
// setting has this type.
type Ranks interface {
	Rank() int // of this process, from 0
	Size() int // ranks there are

	// Gather has what each rank holds of x come to all of them: that of rank r is x up to
	// ends[r], from where that of the rank before it ends.
	Gather(x []byte, ends []int)

	// Exchange brings to each rank r what send has up to sent[r], from where that of the
	// rank before it ends, and fills recv with what the ranks send to this one, in their
	// order, up to received[r].
	Exchange(send []byte, sent []int, recv []byte, received []int)
}

// Leads says whether this is the process that writes and prints: rank 0.
func Leads(r Ranks) bool { return r == nil || r.Rank() == 0 }

// Own returns which of the tasks 0 … n−1 are this process's, from one to before another:
// about as many for each rank, in their order.
func Own(r Ranks, n int) (from, to int) {
	if r == nil {
		return 0, n
	}
	return Cut(n, r.Rank(), r.Size())
}

// Cut returns which of the tasks 0 … n−1 are those of one of so many ranks.
func Cut(n, rank, size int) (from, to int) { return n * rank / size, n * (rank + 1) / size }

// Share has every rank's own elements of x, see Own, come to all. Elements hold no
// pointers, nor anything else that means another thing in another process.
func Share[E any](r Ranks, x []E) {
	if r == nil {
		return
	}
	ends := make([]int, r.Size())
	for k := range ends {
		_, ends[k] = Cut(len(x), k, r.Size())
	}
	ShareTo(r, x, ends)
}

// ShareTo is Share where the ranks' elements end elsewhere than Own has them do.
func ShareTo[E any](r Ranks, x []E, ends []int) {
	if r == nil {
		return
	}
	var e E
	inBytes := make([]int, len(ends))
	for k, end := range ends {
		inBytes[k] = end * int(unsafe.Sizeof(e))
	}
	r.Gather(Bytes(x), inBytes)
}

// Bytes views elements without pointers as the bytes they are made of.
func Bytes[E any](x []E) []byte {
	var e E
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), len(x)*int(unsafe.Sizeof(e)))
}

// All returns what each rank has, in their order: for what Share cannot take and is not
// large, since it is encoded by package gob.
func All[E any](r Ranks, own E) ([]E, error) {
	if r == nil {
		return []E{own}, nil
	}
	var text bytes.Buffer
	if err := gob.NewEncoder(&text).Encode(&own); err != nil {
		return nil, fmt.Errorf("parallel: %T for the other ranks: %w", own, err)
	}
	ends := make([]int, r.Size())
	ends[r.Rank()] = text.Len()
	one := make([]int, r.Size())
	for k := range one {
		one[k] = k + 1
	}
	ShareTo(r, ends, one) // how long each is
	for k := range ends[1:] {
		ends[k+1] += ends[k]
	}
	buffer := make([]byte, ends[len(ends)-1])
	copy(buffer[ends[r.Rank()]-text.Len():], text.Bytes())
	r.Gather(buffer, ends)
	all, from := make([]E, len(ends)), 0
	for k, end := range ends {
		if err := gob.NewDecoder(bytes.NewReader(buffer[from:end])).Decode(&all[k]); err != nil {
			return nil, fmt.Errorf("parallel: %T of rank %d: %w", own, k, err)
		}
		from = end
	}
	return all, nil
}
