package cpumask_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"crosscall/cpumask"
)

const workers = 8

// together runs f(0) to f(workers-1) at the same time and waits for all.
func together(f func(worker int)) {
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() { f(w) })
	}
	wg.Wait()
}

// Each worker owns the CPUs equal to it modulo workers, so every word is shared by all of them. A
// set or clear that was not atomic would undo a neighbour's, and the owner would notice.
func TestAtomicNeighboursInAWord(t *testing.T) {
	var m cpumask.Mask
	together(func(worker int) {
		for range 1000 {
			for cpu := worker; cpu < 256; cpu += workers {
				m.AtomicSet(cpu)
				if !m.AtomicTest(cpu) {
					t.Errorf("CPU %d was set and is gone", cpu)
				}
				m.AtomicClear(cpu)
				if m.AtomicTest(cpu) {
					t.Errorf("CPU %d was cleared and is back", cpu)
				}
			}
		}
	})
	if !m.Empty() {
		t.Errorf("left %v behind", m)
	}
}

func TestAtomicTestAndSetHasOneWinner(t *testing.T) {
	const cpus = 200
	for range 50 {
		var m cpumask.Mask
		var added, removed [cpus]atomic.Int32
		together(func(int) {
			for cpu := range cpus {
				if !m.AtomicTestAndSet(cpu) {
					added[cpu].Add(1)
				}
			}
		})
		together(func(int) {
			for cpu := range cpus {
				if m.AtomicTestAndClear(cpu) {
					removed[cpu].Add(1)
				}
			}
		})
		for cpu := range cpus {
			if a, r := added[cpu].Load(), removed[cpu].Load(); a != 1 || r != 1 {
				t.Fatalf("CPU %d was added by %d workers and removed by %d, want 1 and 1", cpu, a, r)
			}
		}
	}
}

// A reader that sees a CPU's bit, by AtomicTest, in a word or in a snapshot, can read without a
// race all that the CPU's owner wrote before setting it.
func TestAtomicOpsOrderPlainWrites(t *testing.T) {
	const cpu = 77
	see := map[string]func(*cpumask.Mask) bool{
		"AtomicTest":         func(m *cpumask.Mask) bool { return m.AtomicTest(cpu) },
		"AtomicTestAndClear": func(m *cpumask.Mask) bool { return m.AtomicTestAndClear(cpu) },
		"Word":               func(m *cpumask.Mask) bool { return m.Word(cpu/64)>>(cpu%64)&1 == 1 },
		"Snapshot":           func(m *cpumask.Mask) bool { s := m.Snapshot(); return s.Test(cpu) },
	}
	for name, seen := range see {
		t.Run(name, func(t *testing.T) {
			var m cpumask.Mask
			var message int
			go func() {
				message = 42
				m.AtomicSet(cpu)
			}()
			for !seen(&m) {
			}
			if message != 42 {
				t.Errorf("message = %d after the bit was seen, want 42", message)
			}
		})
	}
}

// Readers run while CPUs 64 to 127 come and go. The CPUs that do not change must be in every
// snapshot, and no others may appear.
func TestSnapshotWhileOthersChange(t *testing.T) {
	fixed := cpumask.Of(0, 63, 128, 1023)
	changing := cpumask.Range(64, 127)
	ceiling := fixed.Or(&changing)
	m := fixed
	together(func(worker int) {
		for round := range 400 {
			if worker < workers/2 {
				cpu := 64 + (worker*17+round)%64
				m.AtomicSet(cpu)
				m.AtomicTestAndClear(cpu)
				continue
			}
			if s := m.Snapshot(); !fixed.Subset(&s) || !s.Subset(&ceiling) {
				t.Errorf("snapshot %v lacks some of %v, or is not within %v", s, fixed, ceiling)
			}
		}
	})
	if m != fixed {
		t.Errorf("left %v, want %v", m, fixed)
	}
}
