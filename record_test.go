package crosscall

import (
	"sync"
	"sync/atomic"
	"testing"
)

func TestRecordIsBusyInFlight(t *testing.T) {
	overDesigns(t, 3, func(t *testing.T, s *System) {
		asCallersOn(t, s, 0, func(t *testing.T, k Caller) {
			release := block(t, s, 1)
			n := 0
			r := NewRecord(func(*CPU) { n++ })
			must(t, k.PostRecord(1, r))
			for _, cpu := range []int{1, 2} { // in flight to one CPU, it is busy for all
				if err := k.PostRecord(cpu, r); err != ErrBusy {
					t.Errorf("PostRecord to CPU %d: %v, want ErrBusy", cpu, err)
				}
				if queued, err := k.QueueRecord(cpu, r); queued || err != nil {
					t.Errorf("QueueRecord to CPU %d: %v, %v, want false and no error", cpu, queued, err)
				}
			}
			release()
			must(t, k.Call(ctx, 1, nop))
			must(t, k.PostRecord(1, r))
			must(t, k.Call(ctx, 1, nop))
			if n != 2 {
				t.Errorf("the record ran %d times, want twice", n)
			}
		})
	})
}

func TestRecordIsFreeAfterAnError(t *testing.T) {
	s := open(t, virtual(2))
	n := 0
	r := NewRecord(func(*CPU) { n++ })
	must(t, s.Offline(ctx, 1))
	for range 2 { // ErrBusy if it were still in flight
		if err := s.PostRecord(1, r); err == nil || err == ErrBusy {
			t.Errorf("to an offline CPU: %v, want ErrOffline", err)
		}
	}
	must(t, s.PostRecord(0, r))
	flushAll(t, s)
	if n != 1 {
		t.Errorf("ran %d times, want once", n)
	}
}

// A record is free when its function begins, so it may post itself: a timer that
// rearms, in the kernel.
func TestRecordPostsItself(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		ends := []int{first(s), last(s)}
		const runs = 100
		n := 0
		done := make(chan struct{})
		var r *Record
		r = NewRecord(func(c *CPU) {
			if n++; n == runs {
				close(done)
				return
			}
			if n%2 == 0 {
				must(t, c.PostRecord(ends[n/2%2], r))
			} else {
				must(t, s.PostRecord(ends[n/2%2], r))
			}
		})
		must(t, s.PostRecord(ends[0], r))
		<-done
	})
}

// The pending run sees everything written before a QueueRecord that found the
// record in flight.
func TestQueueRecordCoalesces(t *testing.T) {
	for name, o := range map[string]Options{"usable": {CPUs: usable(t)}, "virtual 4": virtual(4)} {
		eachDesignOf(t, name, o, func(t *testing.T, s *System) {
			const writers, writes = 4, 300
			cpu := last(s)
			var written [writers]atomic.Int64
			var seen [writers]int64 // of CPU cpu
			runs, queued := 0, atomic.Int64{}
			r := NewRecord(func(*CPU) {
				runs++
				for i := range written {
					seen[i] = max(seen[i], written[i].Load())
				}
			})
			var wg sync.WaitGroup
			for i := range writers {
				wg.Go(func() {
					queue := func(k Caller) {
						for range writes {
							written[i].Add(1)
							q, err := k.QueueRecord(cpu, r)
							must(t, err)
							if q {
								queued.Add(1)
							}
						}
					}
					if i%2 == 0 {
						queue(s)
					} else {
						on(t, s, first(s), func(c *CPU) { queue(c) })
					}
				})
			}
			wg.Wait()
			flushAll(t, s)
			// The last one may have been queued by a CPU; flush is not ordered after the
			// posts of CPUs.
			must(t, s.CallEvery(ctx, func(c *CPU) { must(t, c.Call(ctx, cpu, nop)) }))
			on(t, s, cpu, func(*CPU) {
				for i, n := range seen {
					if n != writes {
						t.Errorf("the last run saw %d of writer %d's %d writes", n, i, writes)
					}
				}
				if int64(runs) != queued.Load() {
					t.Errorf("%d runs of %d that were queued", runs, queued.Load())
				}
			})
		})
	}
}

// The same with a plain variable, for the race detector: a caller writes before
// its QueueRecord, which finds the record in flight, and the run reads.
func TestQueueRecordHappensBefore(t *testing.T) {
	overDesigns(t, 2, func(t *testing.T, s *System) {
		asCallersOn(t, s, 0, func(t *testing.T, k Caller) {
			for range 20 {
				release := block(t, s, 1)
				x, y := 0, 0
				r := NewRecord(func(*CPU) { x, y = y, x })
				x = 1
				must(t, s.PostRecord(1, r)) // possibly by another source than k
				y = 2
				if queued, err := k.QueueRecord(1, r); queued || err != nil {
					t.Errorf("QueueRecord: %v, %v, want false: it is in flight", queued, err)
				}
				release()
				flushAll(t, s)
				if x != 2 || y != 1 {
					t.Errorf("x, y are %d, %d, want 2, 1", x, y)
				}
			}
		})
	})
}

// Of many callers of a record, one at a time posts it, and each post is one run.
func TestRecordOfManyOwners(t *testing.T) {
	everywhere(t, 1, func(t *testing.T, s *System) {
		n := make([]int, last(s)+1) // by CPU
		r := NewRecord(func(c *CPU) { n[c.ID()]++ })
		var posted atomic.Int64
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for i := range rounds(s, 200) {
					switch err := s.PostRecord([]int{first(s), last(s)}[i%2], r); err {
					case nil:
						posted.Add(1)
					case ErrBusy:
					default:
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		flushAll(t, s)
		sum := 0
		for _, k := range n {
			sum += k
		}
		if int64(sum) != posted.Load() {
			t.Errorf("%d runs of %d posts", sum, posted.Load())
		}
	})
}
