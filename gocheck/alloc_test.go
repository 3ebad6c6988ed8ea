package gocheck_test

import (
	"context"
	"runtime"
	"testing"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
)

// TestMemoryIsFlat: neither the allocations for an execution nor the memory in
// use grow with the number of executions.
func TestMemoryIsFlat(t *testing.T) {
	type sample struct {
		executions      int64
		allocated, held uint64
	}
	var samples []sample
	look := func(r gocheck.Result) {
		if r.Executions%4096 > 1024 {
			return
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		samples = append(samples, sample{r.Executions, m.TotalAlloc, m.HeapAlloc})
	}
	r, err := gocheck.Explore(context.Background(), gocheck.Options{Progress: look}, func(t *gocheck.T) {
		n := new(atomic.Int32)
		for range 3 {
			t.Go(func() {
				for range 4 {
					n.Add(1)
				}
			})
		}
	})
	if err != nil || !r.Complete || r.Executions != 34650 || len(samples) < 6 {
		t.Fatal(r, err, samples)
	}
	per := func(a, b sample) float64 {
		return float64(b.allocated-a.allocated) / float64(b.executions-a.executions)
	}
	n := len(samples)
	first, last := per(samples[0], samples[n/2]), per(samples[n/2], samples[n-1])
	if last > first*1.2+10 {
		t.Errorf("an execution allocates %.0f bytes at first, and %.0f later", first, last)
	}
	if was, is := samples[1].held, samples[n-1].held; is > was+was/10+1<<16 {
		t.Errorf("%d bytes are held early, and %d late", was, is)
	}
	t.Logf("%.0f and %.0f bytes for an execution, %d KB held", first, last, samples[n-1].held>>10)
}
