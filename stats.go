package crosscall

import (
	"context"
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
	Pinned bool // its thread is bound to the CPU, as of when it published last; false elsewhere than on Linux

	Sent     uint64 // requests by functions on this CPU, one for each target
	Received uint64 // functions run

	DoorbellsRung    uint64 // wakes of this CPU by a caller that found it asleep
	DoorbellsAvoided uint64 // requests that found it awake

	Depth int // requests that wait now and have not begun

	// Longest is the longest run of a function, to a microsecond or two, and
	// LongestFunc its name. Functions that are run in one go are timed together
	// until that has taken long, so a single outlier among them can be missed.
	Longest     time.Duration
	LongestFunc string

	Latency Histogram // of calls to this CPU that were waited for; one in 64 is timed

	Panics uint64
	Stalls uint64 // reports of calls that took longer than Options.StallAfter
}

// Histogram counts durations; Counts[i] those of less than 2^i ns and not less
// than half of that.
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

// sampled is how many waiting calls go by for one that is timed: to read the
// clock twice costs as much as the call.
const sampled = 64

// time times the rest of a call from here, where the request is on its way.
func (h *histogram) time(wait func() error) error {
	start := time.Now()
	err := wait()
	h.add(time.Since(start))
	return err
}

func (h *histogram) load() (out Histogram) {
	for i := range h.counts {
		out.Counts[i] = h.counts[i].Load()
	}
	out.Sum = time.Duration(h.sum.Load())
	return out
}

// tally is what others read of an executor's counts. It counts in plain fields of
// its own, because an atomic add costs a tenth of a call, and publishes them when
// it rests or is asked.
type tally struct {
	asleep  atomic.Bool
	settled atomic.Bool // it sleeps, here or within a function, and published before
	latency histogram
	guests  uint64 // calls by the crowd's mailbox; its owner's

	mu        sync.Mutex
	published counts
}

type counts struct {
	sent, received uint64
	avoided        uint64 // doorbells
	longest        time.Duration
	longestFn      func(*CPU)
}

func (c *CPU) publish() {
	c.keepThread()
	now := counts{
		sent:      c.called + c.src.Sent(),
		received:  c.in.Received(),
		longest:   c.longest,
		longestFn: c.longestFn,
	}
	t := &c.tally
	t.mu.Lock()
	defer t.mu.Unlock()
	// A doorbell may have been rung for what has yet to run, so their difference
	// can shrink; a counter must not.
	now.avoided = max(t.published.avoided, now.received-min(now.received, c.rung.Load()))
	t.published = now
}

// answer publishes the counts if Stats has asked for them since the last answer.
// What others load to see whether it has, only the executor writes.
func (c *CPU) answer() {
	if asked := c.asked.Load(); asked != c.answered.Load() {
		c.publish()
		c.answered.Store(asked)
	}
}

// answers says whether published is as of the request to Stats, or later.
func (c *CPU) answers(request uint32) bool {
	return int32(c.answered.Load()-request) >= 0 || c.tally.settled.Load()
}

// Stats returns the figures of all CPUs. It sends no requests: each executor
// publishes its own figures, between functions and where a function waits. Those of
// a CPU that has not done so within 10 ms are as of the last time.
func (s *System) Stats() Stats {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	k := s.caller()
	requests := make([]uint32, len(s.cpus))
	for cpu := range s.possible.All() {
		c := s.cpus[cpu]
		requests[cpu] = c.asked.Add(1)
		c.ctl.Add(1) // ends its spin
	}
	for cpu := range s.possible.All() {
		k.awaitAnswer(ctx, s.cpus[cpu], requests[cpu])
	}
	var out Stats
	for cpu := range s.possible.All() {
		out.CPUs = append(out.CPUs, s.cpus[cpu].stats())
	}
	return out
}

// awaitAnswer waits until c answers the request. A CPU answers and serves others
// meanwhile (see relax).
func (k *calls) awaitAnswer(ctx context.Context, c *CPU, request uint32) {
	for spins := 0; ; spins++ {
		if c == k.cpu {
			c.answer()
		}
		if c.answers(request) || k.relax(ctx, spins) != nil {
			return
		}
	}
}

func (c *CPU) stats() CPUStats {
	t := &c.tally
	t.mu.Lock()
	p := t.published
	t.mu.Unlock()
	return CPUStats{
		CPU:              c.id,
		Online:           c.Online(),
		Asleep:           t.asleep.Load(),
		Pinned:           c.pinned.Load(),
		Sent:             p.sent,
		Received:         p.received,
		DoorbellsRung:    c.rung.Load(),
		DoorbellsAvoided: p.avoided,
		Depth:            c.in.Depth(),
		Longest:          p.longest,
		LongestFunc:      funcName(p.longestFn),
		Latency:          t.latency.load(),
		Panics:           c.panics.Load(),
		Stalls:           c.stalls.Load(),
	}
}
