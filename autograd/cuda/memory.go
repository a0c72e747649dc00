package cuda

import (
	"fmt"
	"math"
	"unsafe"
)

// Memory is numbers in the card's memory, float32 or int32.
type Memory struct {
	at uint64
	n  int
}

// Len returns how many numbers there are.
func (m Memory) Len() int { return m.n }

// Part returns n of the numbers, from one on.
func (m Memory) Part(from, n int) Memory {
	if from < 0 || n < 0 || from+n > m.n {
		panic(fmt.Sprintf("cuda: Part: %d numbers from %d on, of %d", n, from, m.n))
	}
	return Memory{m.at + 4*uint64(from), n}
}

// New returns room for n numbers, whose values are undefined. After an error it is no
// room, of that length all the same.
func (d *Device) New(n int) (m Memory) {
	if n < 1 || n > math.MaxInt32 {
		panic(fmt.Sprintf("cuda: New: %d numbers, expected 1 to %d", n, math.MaxInt32))
	}
	m.n = n
	at, bytes := new(uint64), 4*uint64(n)
	d.check("cuMemAlloc", func() int32 { return d.api.MemoryAlloc(at, bytes) })
	if d.err != nil {
		return m
	}
	m.at = *at
	d.live[m.at] = bytes
	d.bytes += bytes
	d.most = max(d.most, d.bytes)
	return m
}

// Grow sees to it that m has room for n numbers. If it has to be made anew its values
// are lost, and it gets an eighth more.
func (d *Device) Grow(m *Memory, n int) {
	if m.n < n {
		d.Free(m)
		*m = d.New(n + n/8)
	}
}

// Free gives memory back, and forgets it. Of no memory it does nothing.
func (d *Device) Free(m *Memory) {
	if bytes, there := d.live[m.at]; there && d.err == nil {
		at := m.at
		d.check("cuMemFree", func() int32 { return d.api.MemoryFree(at) })
		delete(d.live, m.at)
		d.bytes -= bytes
	}
	*m = Memory{}
}

// Most returns how many bytes were held at once, so far, without cuBLAS's own.
func (d *Device) Most() uint64 { return d.most }

// Write copies numbers to the card.
func (d *Device) Write(to Memory, from []float32) { write(d, to, from) }

// WriteInts copies integers to the card.
func (d *Device) WriteInts(to Memory, from []int32) { write(d, to, from) }

func write[E float32 | int32](d *Device, to Memory, from []E) {
	if len(from) > to.n {
		panic(fmt.Sprintf("cuda: Write: %d numbers into %d", len(from), to.n))
	}
	if len(from) > 0 {
		d.check("cuMemcpyHtoD", func() int32 {
			return d.api.CopyToDevice(to.at, (*byte)(unsafe.Pointer(&from[0])), 4*uint64(len(from)))
		})
	}
}

// Read waits for all that was asked for, and copies numbers from the card.
func (d *Device) Read(to []float32, from Memory) {
	if len(to) > from.n {
		panic(fmt.Sprintf("cuda: Read: %d numbers of %d", len(to), from.n))
	}
	if len(to) > 0 {
		d.check("cuMemcpyDtoH", func() int32 {
			return d.api.CopyToHost((*byte)(unsafe.Pointer(&to[0])), from.at, 4*uint64(len(to)))
		})
	}
}

// Copy copies numbers on the card.
func (d *Device) Copy(to, from Memory) {
	if to.n < from.n {
		panic(fmt.Sprintf("cuda: Copy: %d numbers into %d", from.n, to.n))
	}
	d.check("cuMemcpyDtoD", func() int32 { return d.api.CopyOnDevice(to.at, from.at, 4*uint64(from.n)) })
}

// Fill sets all numbers to one.
func (d *Device) Fill(m Memory, value float32) {
	d.check("cuMemsetD32", func() int32 { return d.api.MemorySet(m.at, math.Float32bits(value), uint64(m.n)) })
}

// goString is the text up to a zero byte.
func goString(p *byte) string {
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(p), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(p, n))
}
