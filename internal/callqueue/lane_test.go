package callqueue

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestMailboxCall(t *testing.T) {
	w := newLanes(t, 2)
	l := w.call(0, 1, "a")
	if l.Done() || l.TryCall(w.fn("b")) {
		t.Fatal("the mailbox is free while it holds a call")
	}
	if got := w.q.Inbox(1).Poll(); got != 1 {
		t.Fatalf("ran %d", got)
	}
	w.ran("a@1")
	if !l.Done() || !l.Returned() || l.Finish() != nil {
		t.Error("not answered")
	}
	if !slices.Equal(w.answered, []int{0}) {
		t.Errorf("the answer went to %v", w.answered)
	}
}

// The requests of a source run in the order in which it made them, by any
// transport. The order of the operations is the test's name.
func TestOrderOfOneSource(t *testing.T) {
	both := words{0b110}
	for _, ops := range []string{
		"post call", "post post call", "call post", "post call post",
		"share call", "share post", "share post call", "post share call",
		"call share", "call share post", "post call share", "call post share",
		"post share post", "post post share post call post",
	} {
		t.Run(ops, func(t *testing.T) {
			w := newLanes(t, 3)
			var want []string
			for i, op := range strings.Fields(ops) {
				name := fmt.Sprint(op, i)
				want = append(want, name+"@1")
				switch op {
				case "post":
					w.post(w.src[0], 1, name)
				case "call": // what follows is by a function served during its wait
					w.call(0, 1, name)
				case "share":
					w.share(w.src[0], both, nil, name)
				}
			}
			for w.poll(1) > 0 {
			}
			w.ran(want...)
		})
	}
}

// A request that arrives while an earlier one runs is not for this serve, but
// must not be lost.
func TestArrivalsDuringAServe(t *testing.T) {
	w := newLanes(t, 3)
	w.post(w.src[0], 1, "a", func() {
		w.post(w.src[0], 1, "b")
		w.call(2, 1, "c")
		w.share(w.src[0], words{0b110}, nil, "d")
	})
	for w.poll(1) > 0 {
	}
	slices.Sort(w.log) // b and d are of CPU 0, c is of CPU 2
	w.ran("a@1", "b@1", "c@1", "d@1")
}

func TestServingNestedInEachCarrier(t *testing.T) {
	for name, send := range map[string]func(w *world, name string, then ...func()){
		"mailbox": func(w *world, name string, then ...func()) { w.call(0, 1, name, then...) },
		"ring":    func(w *world, name string, then ...func()) { w.post(w.src[0], 1, name, then...) },
		"shared": func(w *world, name string, then ...func()) {
			w.share(w.src[0], words{0b110}, nil, name, then...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newLanes(t, 3)
			in := w.q.Inbox(1)
			send(w, "outer", func() {
				if in.depth != 1 {
					t.Errorf("nesting is %d in the first function", in.depth)
				}
				w.post(w.src[0], 1, "inner", func() {
					if in.depth != 2 {
						t.Errorf("nesting is %d in the second", in.depth)
					}
					w.poll(1)
					w.log = append(w.log, "end of inner")
				})
				w.post(w.src[0], 1, "next")
				w.poll(1)
				w.log = append(w.log, "end of outer")
			})
			for w.poll(1) > 0 {
			}
			w.ran("outer@1", "inner@1", "next@1", "end of inner", "end of outer")
			if in.depth != 0 || in.Received() != 3 {
				t.Errorf("nesting %d, received %d", in.depth, in.Received())
			}
		})
	}
}

// A request that precedes the call in the mailbox may serve the lane, and so
// answer the call. The outer serve must notice that.
func TestMailboxAnsweredByWhatPrecedesIt(t *testing.T) {
	w := newLanes(t, 2)
	w.post(w.src[0], 1, "before", func() {
		w.poll(1)
		w.log = append(w.log, "end of before")
	})
	l := w.call(0, 1, "call")
	w.poll(1)
	w.ran("before@1", "call@1", "end of before")
	if !l.Returned() {
		t.Error("not answered")
	}
}

// And the source may by then have made its next call.
func TestMailboxAnsweredAndFilledAgain(t *testing.T) {
	w := newLanes(t, 2)
	var l *Lane[int]
	w.post(w.src[0], 1, "before", func() {
		w.poll(1)
		if l.Finish() != nil || !l.Done() {
			t.Fatal("not answered")
		}
		w.post(w.src[0], 1, "between")
		w.call(0, 1, "call2")
	})
	l = w.call(0, 1, "call1")
	for w.poll(1) > 0 {
	}
	w.ran("before@1", "call1@1", "between@1", "call2@1")
	if !l.Returned() {
		t.Error("the second call is not answered")
	}
}

// A Poll within the function of a mailbox serves the rest, not that function.
func TestMailboxFunctionThatPolls(t *testing.T) {
	w := newLanes(t, 3)
	w.call(0, 1, "a", func() {
		w.call(2, 1, "b")
		w.poll(1)
		w.log = append(w.log, "end of a")
	})
	w.poll(1)
	w.ran("a@1", "b@1", "end of a")
}

func TestPanics(t *testing.T) {
	boom := func() { panic("boom") }
	t.Run("mailbox", func(t *testing.T) {
		w := newLanes(t, 2)
		l := w.call(0, 1, "a", boom)
		w.poll(1)
		if !l.Done() || l.Returned() {
			t.Fatal("a panic is no answer, or no error")
		}
		if l.TryCall(w.fn("b")) {
			t.Fatal("the mailbox was free before its error was taken")
		}
		if err := l.Finish(); err == nil || err.Error() != "CPU 1: boom, waited true" {
			t.Errorf("error is %v", err)
		}
		w.call(0, 1, "b")
		w.poll(1)
		if err := l.Finish(); err != nil {
			t.Errorf("the next call has the error %v", err)
		}
		w.ran("a@1", "b@1")
	})
	t.Run("posts", func(t *testing.T) {
		bothSingle(t, func(t *testing.T, cfg Config) {
			cfg.CPUs = upTo(2)
			w := newWorld(t, cfg)
			csd, _ := armed(1)
			w.post(w.src[0], 1, "a", boom)
			w.src[0].TryPost(1, w.fn("b", boom), csd, false)
			w.post(w.src[0], 1, "c")
			w.drain()
			w.ran("a@1", "b@1", "c@1")
			if want := []string{"CPU 1: boom, waited false", "CPU 1: boom, waited true"}; !slices.Equal(w.failures, want) {
				t.Errorf("failures %q", w.failures)
			}
			if got := errsOf(csd); !csd.Done() || len(got) != 1 {
				t.Errorf("done %v, errors %v", csd.Done(), got)
			}
			if in := w.q.Inbox(1); in.depth != 0 || in.Received() != 3 {
				t.Errorf("nesting %d, received %d", in.depth, in.Received())
			}
		})
	})
	t.Run("shared", func(t *testing.T) {
		w := newLanes(t, 3)
		csd, _ := armed(1)
		w.share(w.src[0], words{0b110}, csd, "a", boom)
		w.drain()
		if got := errsOf(csd); !csd.Done() || len(got) != 2 {
			t.Errorf("done %v, errors %v", csd.Done(), got)
		}
		w.share(w.src[0], words{0b110}, nil, "b", boom)
		w.drain()
		if len(w.failures) != 4 || !strings.HasSuffix(w.failures[3], "waited false") {
			t.Errorf("failures %q", w.failures)
		}
		if w.q.shared.head.Load() != nil {
			t.Error("a record stayed on the list")
		}
	})
}

// runtime.Goexit unwinds all functions on the goroutine's stack. Each of them
// is answered, and the next goroutine runs the rest.
func TestGoexit(t *testing.T) {
	t.Run("mailbox", func(t *testing.T) {
		w := newLanes(t, 2)
		l := w.call(0, 1, "a", goexit)
		w.post(w.src[0], 1, "b")
		onGoroutine(func() { w.poll(1) })
		if err := l.Finish(); err == nil || !strings.Contains(err.Error(), "<nil>") {
			t.Errorf("error is %v", err)
		}
		w.drain()
		w.ran("a@1", "b@1")
	})
	t.Run("posts", func(t *testing.T) {
		bothSingle(t, func(t *testing.T, cfg Config) {
			cfg.CPUs = upTo(2)
			w := newWorld(t, cfg)
			csd, _ := armed(1)
			w.src[0].TryPost(1, w.fn("a", goexit), csd, false)
			onGoroutine(func() { w.poll(1) })
			in := w.q.Inbox(1)
			if waiting, taken := in.Posts(); waiting != 0 || taken != 1 || in.Depth() != 0 {
				t.Errorf("%d posts wait, %d taken, depth %d, after the only one has ended", waiting, taken, in.Depth())
			}
			w.post(w.src[0], 1, "b")
			w.drain()
			w.ran("a@1", "b@1")
			if !csd.Done() || in.depth != 0 {
				t.Errorf("done %v, nesting %d", csd.Done(), in.depth)
			}
		})
	})
	t.Run("shared", func(t *testing.T) {
		w := newLanes(t, 3)
		csd, _ := armed(1)
		w.share(w.src[0], words{0b110}, csd, "a", goexit)
		onGoroutine(func() { w.poll(1) })
		onGoroutine(func() { w.poll(2) })
		if !csd.Done() || w.q.shared.head.Load() != nil {
			t.Error("the record is still in flight")
		}
	})
	t.Run("nested", func(t *testing.T) {
		w := newLanes(t, 3)
		outer := w.call(0, 1, "outer", func() {
			w.call(2, 1, "inner", goexit)
			w.poll(1)
			t.Error("the function that served the one that exited went on")
		})
		w.post(w.src[0], 1, "after")
		onGoroutine(func() { w.poll(1) })
		if outer.Finish() == nil || w.src[2].Lane(1).Finish() == nil {
			t.Error("a function that was cut off has no error")
		}
		w.drain()
		w.ran("outer@1", "inner@1", "after@1")
	})
}

func TestRingFull(t *testing.T) {
	const ring = 8
	w := newWorld(t, Config{CPUs: upTo(2), Ring: ring})
	var want []string
	for i := range ring {
		w.post(w.src[0], 1, fmt.Sprint(i))
		want = append(want, fmt.Sprint(i, "@1"))
	}
	l := w.src[0].Lane(1)
	if got := w.src[0].TryPost(1, w.fn("x"), nil, false); got != Full {
		t.Fatalf("post %d of a ring of %d: %v", ring+1, ring, got)
	}
	if l.TryPost(w.fn("x")) {
		t.Fatal("the short way overwrites the ring")
	}
	if got := w.q.Inbox(1).Depth(); got != ring {
		t.Errorf("depth %d", got)
	}
	w.drain()
	w.ran(want...)
	for i := range 3 * ring { // around the ring, with room at all times
		w.post(w.src[0], 1, fmt.Sprint(i))
		w.drain()
		w.ran(fmt.Sprint(i, "@1"))
	}
}

// Room is released a quarter of the ring at a time, before the batch ends.
func TestRoomDuringABatch(t *testing.T) {
	const ring = 16
	w := newWorld(t, Config{CPUs: upTo(2), Ring: ring})
	var full, room int
	for i := range ring {
		w.post(w.src[0], 1, fmt.Sprint(i), func() {
			if w.src[0].TryPost(1, func(int) {}, nil, false) == Full {
				full++
			} else {
				room++
			}
		})
	}
	w.poll(1)
	if full == 0 || room == 0 {
		t.Errorf("%d times full, %d times room", full, room)
	}
	w.drain()
}

// The slot of a TryPost must not have the record of the request that was in it
// one round earlier.
func TestSlotsAreCleared(t *testing.T) {
	w := newWorld(t, Config{CPUs: upTo(2), Ring: 2})
	l := w.src[0].Lane(1)
	for range 8 {
		csd, _ := armed(1)
		w.src[0].TryPost(1, w.fn("record"), csd, false)
		w.drain()
		if !csd.Done() {
			t.Fatal("not done")
		}
		for !l.TryPost(w.fn("short")) {
			l.room = l.head.Load() + 2
		}
		w.drain()
		for i := range l.slots {
			if l.slots[i] != nil || l.records[i].fn != nil || l.records[i].csd != nil {
				t.Fatal("the ring keeps what a request refers to")
			}
		}
	}
	w.noWarnings()
}

func TestMailboxesOfManySources(t *testing.T) {
	w := newLanes(t, 4)
	for src := 1; src < 4; src++ {
		w.call(src, 0, fmt.Sprint("of", src))
	}
	for range 3 {
		w.poll(0)
	}
	slices.Sort(w.log)
	w.ran("of1@0", "of2@0", "of3@0")
}

// A source that calls without pause must not keep all others waiting.
func TestNobodyStarvesBehindABusyMailbox(t *testing.T) {
	for name, send := range map[string]func(w *world, csd *CSD){
		"mailbox":  func(w *world, csd *CSD) { w.call(2, 0, "call", func() { csd.Put(nil) }) },
		"post":     func(w *world, csd *CSD) { w.src[2].TryPost(0, func(int) {}, csd, false) },
		"external": func(w *world, csd *CSD) { w.external.TryPost(0, func(int) {}, csd, false) },
		"shared":   func(w *world, csd *CSD) { w.share(w.src[2], words{1}, csd, "shared") },
		"fence": func(w *world, csd *CSD) {
			csd.ArmFence(1, nil)
			w.q.Inbox(0).deferred = []*CSD{csd}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newLanes(t, 3)
			w.src[2].Lane(0)
			w.src[1].Lane(0) // the lane made last is served first
			csd, _ := armed(1)
			send(w, csd)
			for range 10 * hotCalls {
				w.call(1, 0, "busy")
				w.q.Inbox(0).Poll()
			}
			if !csd.Done() {
				t.Errorf("not served while another source made %d calls", 10*hotCalls)
			}
		})
	}
}
