package crosscall

import (
	"math/bits"
	"sync"
	"sync/atomic"
	"time"
)

// Stats are figures of a System since Open.
type Stats struct {
	CPUs []CPUStats // in the order of the CPUs
}

// CPUStats are figures of one CPU.
type CPUStats struct {
	CPU    int
	Online bool
	Asleep bool
	Pinned bool // at its last sleep its thread was bound to the CPU; false except on Linux

	Sent     uint64 // requests by functions on this CPU, one for each target
	Received uint64 // functions run

	DoorbellsRung    uint64 // wakes of this CPU by a caller that found it asleep
	DoorbellsAvoided uint64 // functions that were run without a wake

	Depth int // requests that wait now

	// Longest is the longest run of a function, to a microsecond or two, and
	// LongestFunc its name. Functions that are run in one batch are timed
	// together until a batch has taken long, so a single outlier can be missed.
	Longest     time.Duration
	LongestFunc string

	Latency Histogram // of waiting calls to this CPU; one in 64 is timed

	Panics uint64
	Stalls uint64 // reports of calls that took longer than Options.StallAfter
}

// Histogram counts durations. Counts[i] counts those from 2^(i-1) ns up to, but
// not including, 2^i ns.
type Histogram struct {
	Counts [40]uint64
	Sum    time.Duration
}

// Count is the number of durations.
func (h *Histogram) Count() (n uint64) {
	for _, c := range h.Counts {
		n += c
	}
	return n
}

// Quantile returns an upper bound of the q-th quantile, 0 if there is nothing.
func (h *Histogram) Quantile(q float64) time.Duration {
	n := h.Count()
	left := uint64(q * float64(n))
	if left >= n && n > 0 {
		left = n - 1 // the last one is the quantile of 1
	}
	for i, c := range h.Counts {
		if left < c {
			return 1 << i
		}
		left -= c
	}
	return 0
}

// histogram is a Histogram that callers on all CPUs add to.
type histogram struct {
	counts [40]atomic.Uint64
	sum    atomic.Int64
}

func (h *histogram) add(d time.Duration) {
	h.counts[min(bits.Len64(uint64(d)), len(h.counts)-1)].Add(1)
	h.sum.Add(int64(d))
}

func (h *histogram) load() (out Histogram) {
	for i := range h.counts {
		out.Counts[i] = h.counts[i].Load()
	}
	out.Sum = time.Duration(h.sum.Load())
	return out
}

// tally has the figures of an executor, besides its counters, that other goroutines
// read.
type tally struct {
	asleep  atomic.Bool
	latency histogram
	guests  uint64 // calls by the external callers' mailbox; its owner's

	mu        sync.Mutex
	avoided   uint64 // doorbells, as last reported
	longest   time.Duration
	longestFn func(*CPU)
}

// noteLongest publishes the longest run of a function so far.
func (t *tally) noteLongest(took time.Duration, fn func(*CPU)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.longest, t.longestFn = took, fn
}

// doorbellsAvoided is the number of functions that were run without a ring. A
// doorbell may have been rung for functions that have not run yet, so the
// difference of the two can shrink; a counter must not.
func (t *tally) doorbellsAvoided(received, rung uint64) uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.avoided = max(t.avoided, received-min(received, rung))
	return t.avoided
}

func (t *tally) longestRun() (took time.Duration, name string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.longest, funcName(t.longestFn)
}

// Stats returns the figures of all CPUs. It sends no requests and does not wait: it
// reads the counters of the executors. Different figures are not read at the same
// moment. A function is counted before its waiter gets the answer.
func (s *System) Stats() Stats {
	s.mustOpen()
	if c := s.here(); c != nil {
		c.keepThread() // so that a function whose thread has changed does not read Pinned as true
	}
	var out Stats
	for cpu := range s.possible.All() {
		out.CPUs = append(out.CPUs, s.cpus[cpu].stats())
	}
	return out
}

func (c *CPU) stats() CPUStats {
	received, rung := c.in.Received(), c.rung.Load()
	longest, longestFn := c.tally.longestRun()
	return CPUStats{
		CPU:              c.id,
		Online:           c.Online(),
		Asleep:           c.tally.asleep.Load(),
		Pinned:           c.pinned.Load(),
		Sent:             c.called.Peek() + c.src.Sent(),
		Received:         received,
		DoorbellsRung:    rung,
		DoorbellsAvoided: c.tally.doorbellsAvoided(received, rung),
		Depth:            c.in.Depth(),
		Longest:          longest,
		LongestFunc:      longestFn,
		Latency:          c.tally.latency.load(),
		Panics:           c.panics.Load(),
		Stalls:           c.stalls.Load(),
	}
}
