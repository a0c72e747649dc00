package rings

import (
	"math/bits"
	"slices"
)

// sortRings orders rings by size, and rings of one size as the C++ library that
// RDKit is built with (libstdc++) happens to leave them: its sort is stable up
// to 16 elements only, and in a cage of more rings the order decides which of
// them are kept.
func sortRings(rings []Ring) {
	quicksortRings(rings, 2*(bits.Len(uint(len(rings)))-1))
	if len(rings) <= unsorted {
		insertRings(rings, 0)
		return
	}
	insertRings(rings[:unsorted], 0)
	insertRings(rings, unsorted)
}

// unsorted is the length that quicksort leaves to insertion.
const unsorted = 16

// quicksortRings is quicksort that stops at short pieces. depth bounds the unbalanced
// cuts; libstdc++ goes over to heapsort there, which no molecule has reached.
func quicksortRings(rings []Ring, depth int) {
	for len(rings) > unsorted {
		if depth--; depth < 0 {
			slices.SortStableFunc(rings, func(a, b Ring) int { return a.Len() - b.Len() })
			return
		}
		cut := cutRings(rings)
		quicksortRings(rings[cut:], depth)
		rings = rings[:cut]
	}
}

// cutRings moves the median of the second, the middle and the last ring to the
// front and parts the others by it.
func cutRings(rings []Ring) int {
	less := func(i, j int) bool { return rings[i].Len() < rings[j].Len() }
	swap := func(i, j int) { rings[i], rings[j] = rings[j], rings[i] }
	low, mid, high := 1, len(rings)/2, len(rings)-1
	if !less(low, mid) {
		low, mid = mid, low
	}
	switch {
	case less(mid, high):
		swap(0, mid)
	case less(low, high):
		swap(0, high)
	default:
		swap(0, low)
	}
	i, j := 1, len(rings)
	for {
		for less(i, 0) {
			i++
		}
		for j--; less(0, j); j-- {
		}
		if i >= j {
			return i
		}
		swap(i, j)
		i++
	}
}

// insertRings is insertion sort of rings[from:] into what comes before.
func insertRings(rings []Ring, from int) {
	for i := max(from, 1); i < len(rings); i++ {
		for k := i; k > 0 && rings[k].Len() < rings[k-1].Len(); k-- {
			rings[k], rings[k-1] = rings[k-1], rings[k]
		}
	}
}
