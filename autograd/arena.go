package autograd

// Chunks that an arena asks of the heap, in elements: each as large as all before
// it, between these. A slice that is longer gets a chunk of its own length.
const (
	minChunk = 1 << 14
	maxChunk = 1 << 20
)

// arena hands out slices from large chunks and takes them all back at once.
// Growth adds a chunk, so a slice once given never moves. What is left at the
// end of a chunk is wasted, which is why chunks hold many slices.
type arena[T any] struct {
	chunks [][]T
	chunk  int // index of the chunk in use
	used   int // elements taken from it
}

// take returns n elements whose contents are whatever the last user left.
func (a *arena[T]) take(n int) []T {
	for a.chunk < len(a.chunks) {
		if c := a.chunks[a.chunk]; a.used+n <= len(c) {
			s := c[a.used : a.used+n : a.used+n]
			a.used += n
			return s
		}
		a.chunk++
		a.used = 0
	}
	a.chunks = append(a.chunks, make([]T, max(n, minChunk, min(a.size(), maxChunk))))
	a.used = n
	return a.chunks[a.chunk][:n:n]
}

// reset makes every element free again.
func (a *arena[T]) reset() { a.chunk, a.used = 0, 0 }

// size returns the elements held, free or not.
func (a *arena[T]) size() (n int) {
	for _, c := range a.chunks {
		n += len(c)
	}
	return n
}

// slab hands out structs of one type, one at a time, and takes them all back at
// once: the arena for op structs and tensor headers.
type slab[S any] struct {
	items []*S
	used  int
}

func (s *slab[S]) take() *S {
	if s.used == len(s.items) {
		s.items = append(s.items, new(S))
	}
	s.used++
	return s.items[s.used-1]
}

func (s *slab[S]) reset() { s.used = 0 }
