// Package cpumask holds sets of CPU numbers, as the kernel's struct cpumask does.
//
// A [Mask] is a plain value of 128 bytes: its zero value is the empty set, assignment copies it,
// and == compares it. It reads and prints the list syntax of /sys and taskset, "0-3,8".
//
// # Concurrency
//
// The methods fall into two groups, which must not be mixed on one Mask without other
// synchronization:
//
//   - The Atomic methods, Word and Snapshot may all run at the same time.
//   - All others are plain reads and writes, and so is copying a Mask. Many readers may share a
//     Mask; one writer excludes everyone else. To read a Mask that others change atomically, take
//     a Snapshot and use that.
//
// # Range
//
// CPU numbers run from 0 to [Max]-1. A method given any other number panics, where not stated
// otherwise: a set that silently dropped a CPU would send a call to too few of them.
package cpumask

import (
	"iter"
	"math/bits"
	"strconv"
)

// Max is the number of CPUs that a Mask has room for: the size of glibc's cpu_set_t.
const Max = 1024

const wordBits = 64

// Mask is a set of CPU numbers below [Max]. CPU n is bit n%64 of word n/64.
type Mask struct {
	words [Max / wordBits]uint64
}

// Of returns the set of the given CPUs, in any order, repeated or not.
func Of(cpus ...int) Mask {
	var m Mask
	for _, cpu := range cpus {
		m.Set(cpu)
	}
	return m
}

// Range returns the CPUs first to last, both included; none if last < first.
func Range(first, last int) Mask {
	var m Mask
	for cpu := first; cpu <= last; cpu++ {
		m.Set(cpu)
	}
	return m
}

// locate returns the word that holds cpu, and its bit there.
func locate(cpu int) (word uint, bit uint64) {
	if uint(cpu) >= Max { // as unsigned, a negative number is large too
		panic(rangeError(cpu))
	}
	return uint(cpu) / wordBits, 1 << (uint(cpu) % wordBits)
}

// rangeError is the panic value of the methods. It makes its text only when needed: if locate made
// a string, the compiler would not inline locate's callers, which a sender runs for each CPU of
// its mask.
type rangeError int

func (cpu rangeError) Error() string {
	return "cpumask: CPU " + strconv.Itoa(int(cpu)) + " is not in 0-" + strconv.Itoa(Max-1)
}

// Set adds cpu.
func (m *Mask) Set(cpu int) {
	w, bit := locate(cpu)
	m.words[w] |= bit
}

// Clear removes cpu.
func (m *Mask) Clear(cpu int) {
	w, bit := locate(cpu)
	m.words[w] &^= bit
}

// Test reports whether cpu is in m.
func (m *Mask) Test(cpu int) bool {
	w, bit := locate(cpu)
	return m.words[w]&bit != 0
}

// Weight returns the number of CPUs in m.
func (m *Mask) Weight() int {
	n := 0
	for _, word := range m.words {
		n += bits.OnesCount64(word)
	}
	return n
}

// Empty reports whether m holds no CPU.
func (m *Mask) Empty() bool { return *m == Mask{} }

// First returns the lowest CPU of m, or -1 if m is empty.
func (m *Mask) First() int { return m.Next(-1) }

// Next returns the lowest CPU of m above after, or -1 if there is none. Any value of after is
// fine, so Next(-1) is the first CPU and a loop needs no test before its last step.
func (m *Mask) Next(after int) int {
	from := uint(max(after, -1) + 1)
	if from >= Max {
		return -1
	}
	w := from / wordBits
	word := m.words[w] &^ (1<<(from%wordBits) - 1)
	for word == 0 {
		w++
		if w == uint(len(m.words)) {
			return -1
		}
		word = m.words[w]
	}
	return int(w)*wordBits + bits.TrailingZeros64(word)
}

// All yields the CPUs of m in rising order. The loop's body may change m: each step looks for the
// next CPU in m as it is then, as for_each_cpu does in the kernel.
func (m *Mask) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for cpu := m.First(); cpu >= 0 && yield(cpu); cpu = m.Next(cpu) {
		}
	}
}

// And returns the CPUs that are in both m and o.
func (m *Mask) And(o *Mask) Mask {
	var r Mask
	for i := range r.words {
		r.words[i] = m.words[i] & o.words[i]
	}
	return r
}

// Or returns the CPUs that are in m, o or both.
func (m *Mask) Or(o *Mask) Mask {
	var r Mask
	for i := range r.words {
		r.words[i] = m.words[i] | o.words[i]
	}
	return r
}

// AndNot returns the CPUs of m that are not in o.
func (m *Mask) AndNot(o *Mask) Mask {
	var r Mask
	for i := range r.words {
		r.words[i] = m.words[i] &^ o.words[i]
	}
	return r
}

// Subset reports whether every CPU of m is in o.
func (m *Mask) Subset(o *Mask) bool {
	rest := m.AndNot(o)
	return rest.Empty()
}
