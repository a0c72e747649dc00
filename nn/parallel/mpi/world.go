//go:build mpi

package mpi

/*
#include <mpi.h>

// What follows is here since the names in it may be macros.

static int start(int *level) {
	return MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, level);
}

static int enough(int level) { return level >= MPI_THREAD_SERIALIZED; }

static void place(int *rank, int *size) {
	MPI_Comm_rank(MPI_COMM_WORLD, rank);
	MPI_Comm_size(MPI_COMM_WORLD, size);
}

static void gather(void *x, int *counts, int *from, int words) {
	MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, x, counts, from, words ? MPI_FLOAT : MPI_BYTE, MPI_COMM_WORLD);
}

static void exchange(void *send, int *sent, int *send_from, void *recv, int *received, int *recv_from) {
	MPI_Alltoallv(send, sent, send_from, MPI_BYTE, recv, received, recv_from, MPI_BYTE, MPI_COMM_WORLD);
}

static void stop(int code) { MPI_Abort(MPI_COMM_WORLD, code); }
*/
import "C"

import (
	"errors"
	"fmt"
	"math"
	"unsafe"
)

// World is all processes of an MPI job, MPI_COMM_WORLD, seen from this one.
type World struct {
	rank, size int
	a, b       layout // scratch
}

// Start joins the job that the process was started in, as a job of one if it was in none.
// It is called once, before anything else here.
func Start() (*World, error) {
	var level, rank, size C.int
	if code := C.start(&level); code != 0 {
		return nil, fmt.Errorf("mpi: MPI_Init_thread returned %d", code)
	}
	if C.enough(level) == 0 {
		return nil, errors.New("mpi: this MPI does not let several threads take turns (MPI_THREAD_SERIALIZED)")
	}
	C.place(&rank, &size)
	w := &World{rank: int(rank), size: int(size)}
	w.a.make(w.size)
	w.b.make(w.size)
	return w, nil
}

// Rank is the number of this process, from 0.
func (w *World) Rank() int { return w.rank }

// Size is how many processes the job has.
func (w *World) Size() int { return w.size }

// Finish waits for all ranks to call it, and leaves the job. A process that ends without
// it has failed, to MPI.
func (w *World) Finish() { C.MPI_Finalize() }

// Abort ends all ranks, whatever they do, and the job with this status. It does not return.
func (w *World) Abort(status int) { C.stop(C.int(status)) }

// Gather is MPI_Allgatherv.
func (w *World) Gather(x []byte, ends []int) {
	unit := 4 // bytes, since MPI counts in 31 bits
	for _, end := range ends {
		if end%4 != 0 {
			unit = 1
		}
	}
	words := C.int(unit / 4)
	w.a.set(ends, unit)
	C.gather(pointer(x), w.a.counts(), w.a.from(), words)
}

// Exchange is MPI_Alltoallv.
func (w *World) Exchange(send []byte, sent []int, recv []byte, received []int) {
	w.a.set(sent, 1)
	w.b.set(received, 1)
	C.exchange(pointer(send), w.a.counts(), w.a.from(), pointer(recv), w.b.counts(), w.b.from())
}

// layout is where the ranks' parts lie, as MPI wants to be told.
type layout struct {
	count, first []C.int
}

func (l *layout) make(size int) { l.count, l.first = make([]C.int, size), make([]C.int, size) }

func (l *layout) counts() *C.int { return unsafe.SliceData(l.count) }
func (l *layout) from() *C.int   { return unsafe.SliceData(l.first) }

// set takes ends in bytes.
func (l *layout) set(ends []int, unit int) {
	if last := ends[len(ends)-1] / unit; len(ends) != len(l.count) || last > math.MaxInt32 {
		panic(fmt.Sprintf("mpi: %d parts, %d times %d bytes: expected %d, and at most %d times", len(ends), last, unit, len(l.count), math.MaxInt32))
	}
	from := 0
	for k, end := range ends {
		l.count[k], l.first[k] = C.int((end-from)/unit), C.int(from/unit)
		from = end
	}
}

func pointer(x []byte) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(x)) }
