package ranktest

import (
	"bytes"
	"fmt"

	"equifm/nn/parallel"
)

// Check returns an error unless what ranks gather and exchange comes whole to those it is
// for. All ranks call it.
func Check(r parallel.Ranks) error {
	for _, length := range []int{0, 1, 5, 1000, 100_003} { // short enough to be sent at once, and not
		if err := checkGather(r, length); err != nil {
			return err
		}
		if err := checkExchange(r, length); err != nil {
			return err
		}
	}
	names, err := parallel.All(r, fmt.Sprintf("%0*d", r.Rank(), r.Rank()))
	if err != nil {
		return err
	}
	for k, name := range names {
		if want := fmt.Sprintf("%0*d", k, k); name != want || len(names) != r.Size() {
			return fmt.Errorf("ranktest: rank %d: All returned %q", r.Rank(), names)
		}
	}
	return nil
}

// value is what the byte at a place of what one rank sends to another has to be.
func value(from, to, at int) byte { return byte(31*from + 7*to + at + at>>8) }

// lengths of what goes from one rank to another differ, and some are 0.
func lengthOf(from, to, length int) int { return length * ((from + 2*to) % 3) }

// checkGather gathers a part of another length from each rank.
func checkGather(r parallel.Ranks, length int) error {
	var want []byte
	ends := make([]int, r.Size())
	for k := range ends {
		for at := range lengthOf(k, 0, length) {
			want = append(want, value(k, 0, at))
		}
		ends[k] = len(want)
	}
	x := make([]byte, len(want))
	copy(part(x, ends, r.Rank()), part(want, ends, r.Rank()))
	r.Gather(x, ends)
	if !bytes.Equal(x, want) {
		return fmt.Errorf("ranktest: rank %d gathered other bytes than were there, of %d", r.Rank(), len(x))
	}
	return nil
}

// checkExchange sends something else to each rank.
func checkExchange(r parallel.Ranks, length int) error {
	var send, want []byte
	sent, received := make([]int, r.Size()), make([]int, r.Size())
	for k := range r.Size() {
		for at := range lengthOf(r.Rank(), k, length) {
			send = append(send, value(r.Rank(), k, at))
		}
		for at := range lengthOf(k, r.Rank(), length) {
			want = append(want, value(k, r.Rank(), at))
		}
		sent[k], received[k] = len(send), len(want)
	}
	recv := make([]byte, len(want))
	r.Exchange(send, sent, recv, received)
	if !bytes.Equal(recv, want) {
		return fmt.Errorf("ranktest: rank %d received other bytes than were sent, of %d", r.Rank(), len(recv))
	}
	return nil
}
