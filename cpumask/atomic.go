package cpumask

import "sync/atomic"

// The words are plain uint64 and not atomic.Uint64, because a Mask is a value: it is copied,
// compared with ==, and built without atomics by its only owner. So on a 32-bit machine these
// methods need the Mask to be 8-byte aligned, which Go promises there only for the start of an
// allocation or of a package variable.
//
// Every operation here is sequentially consistent, as all of sync/atomic is. That is stronger than
// the kernel's set_bit and clear_bit, which order nothing, and equal to its test_and_set_bit.

// AtomicSet adds cpu.
func (m *Mask) AtomicSet(cpu int) {
	w, bit := locate(cpu)
	atomic.OrUint64(&m.words[w], bit)
}

// AtomicClear removes cpu.
func (m *Mask) AtomicClear(cpu int) {
	w, bit := locate(cpu)
	atomic.AndUint64(&m.words[w], ^bit)
}

// AtomicTest reports whether cpu is in m.
func (m *Mask) AtomicTest(cpu int) bool {
	w, bit := locate(cpu)
	return atomic.LoadUint64(&m.words[w])&bit != 0
}

// AtomicTestAndSet adds cpu and reports whether it was in m already. Of several callers that add
// the same absent CPU, exactly one gets false.
func (m *Mask) AtomicTestAndSet(cpu int) bool {
	w, bit := locate(cpu)
	return atomic.OrUint64(&m.words[w], bit)&bit != 0
}

// AtomicTestAndClear removes cpu and reports whether it was in m. Of several callers that remove
// the same present CPU, exactly one gets true.
func (m *Mask) AtomicTestAndClear(cpu int) bool {
	w, bit := locate(cpu)
	return atomic.AndUint64(&m.words[w], ^bit)&bit != 0
}

// Word returns CPUs 64i to 64i+63 as the bits of one word, read by a single atomic load. It panics
// if i is not in 0-15.
func (m *Mask) Word(i int) uint64 {
	return atomic.LoadUint64(&m.words[i])
}

// Snapshot returns a copy of m whose words were each read by one atomic load, in rising order. It
// is consistent within a word only: if CPU 0 moves to CPU 64 meanwhile, in either order of set and
// clear, the copy may hold both, one or neither.
func (m *Mask) Snapshot() Mask {
	var s Mask
	for i := range s.words {
		s.words[i] = m.Word(i)
	}
	return s
}
