package callqueue

import (
	"fmt"
	"math/bits"
	"slices"
	"testing"
)

// asked is a mask that others change between two reads: read n of any word
// returns looks[n].
type asked struct {
	looks []uint64
	n     int
}

func (a *asked) Word(int) uint64 {
	w := a.looks[min(a.n, len(a.looks)-1)]
	a.n++
	return w
}

func TestSharedCall(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		cfg.CPUs = upTo(4)
		w := newWorld(t, cfg)
		csd, wakes := armed(1)
		csd.Park()
		if n := w.share(w.src[0], words{0b1110}, csd, "a"); n != 3 {
			t.Fatalf("sent to %d", n)
		}
		if _, ok := w.src[0].TryShare(words{0b10}, w.fn("b"), nil); ok {
			t.Fatal("the record was used while in flight")
		}
		for cpu := 1; cpu < 4; cpu++ {
			if csd.Done() {
				t.Fatalf("done before CPU %d", cpu)
			}
			if !w.q.Inbox(cpu).Pending() || w.q.Inbox(cpu).Depth() != 1 {
				t.Errorf("CPU %d does not see it", cpu)
			}
			w.poll(cpu)
		}
		if !csd.Done() || *wakes != 1 || w.q.shared.head.Load() != nil {
			t.Errorf("done %v, %d wakes", csd.Done(), *wakes)
		}
		w.drain()
		w.ran("a@1", "a@2", "a@3")
		if !slices.Equal(w.rung, []int{1, 2, 3}) {
			t.Errorf("rang for %v", w.rung)
		}
		w.noWarnings()
	})
}

// Two words of mask, with a CPU that does not exist.
func TestSharedCallOver64CPUs(t *testing.T) {
	w := newWorld(t, Config{CPUs: []int{3, 63, 64, 130}})
	all := ^uint64(0)
	csd, _ := armed(1)
	if n := w.share(w.src[3], words{all, all, all}, csd, "a"); n != 4 {
		t.Errorf("sent to %d", n)
	}
	w.drain()
	w.ran("a@3", "a@63", "a@64", "a@130")
	if !csd.Done() {
		t.Error("not done")
	}
}

// "Some callers might race with other CPUs changing the mask." A second read
// could count other CPUs than those that get the call.
func TestMaskIsReadOnce(t *testing.T) {
	for _, looks := range [][]uint64{{0b1110, 0b0010}, {0b0010, 0b1110}, {0b1110, 0}} {
		w := newLanes(t, 4)
		mask := &asked{looks: looks}
		csd, _ := armed(1)
		n := w.share(w.src[0], mask, csd, "a")
		if mask.n != 1 {
			t.Errorf("looked at the word %d times", mask.n)
		}
		if want := bits.OnesCount64(looks[0]); n != want || len(w.rung) != want {
			t.Errorf("sent to %d, rang %v, the mask held %d", n, w.rung, want)
		}
		w.drain()
		if len(w.log) != n || !csd.Done() {
			t.Errorf("ran %v, done %v", w.log, csd.Done())
		}
		w.noWarnings()
	}
}

// Q1: all CPUs of the mask were cleared since the caller read it, or are
// offline.
func TestMaskEmptyAfterTheCopy(t *testing.T) {
	w := newLanes(t, 3)
	csd, _ := armed(1)
	w.q.SetOnline(1, false)
	for _, mask := range []uint64{0, 0b010} {
		if n := w.share(w.src[0], words{mask}, csd, "a"); n != 0 {
			t.Fatalf("sent to %d CPUs of an empty mask", n)
		}
		if w.q.shared.head.Load() != nil || len(w.rung) != 0 || csd.Done() {
			t.Fatal("a call to nobody was sent")
		}
	}
	if n := w.share(w.src[0], words{0b100}, csd, "b"); n != 1 {
		t.Errorf("the record is still in flight")
	}
	w.drain()
	w.ran("b@2")
}

// watchedMask calls a function at each read.
type watchedMask struct {
	words
	look func(word int)
}

func (m watchedMask) Word(i int) uint64 {
	m.look(i)
	return m.words[i]
}

// Q8: the record's mask never has a bit that is cleared again at once. A walker
// that is at the record would run a call that does not include it.
func TestNoIntermediateMask(t *testing.T) {
	w := newWorld(t, Config{CPUs: []int{0, 1, 2, 64, 65}})
	w.q.SetOnline(2, false)
	r := w.src[0].cfd
	var looks []int
	mask := watchedMask{words{0b110, 0b11}, func(word int) {
		looks = append(looks, word)
		if r.cpumask[word].Load() != 0 {
			t.Errorf("word %d of the record was written before the mask was read", word)
		}
		if word == 1 && r.cpumask[0].Load() != 0b010 {
			t.Errorf("word 0 is %b, of its final value 10", r.cpumask[0].Load())
		}
	}}
	if n := w.share(w.src[0], mask, nil, "a"); n != 3 || !slices.Equal(looks, []int{0, 1}) {
		t.Errorf("sent to %d, looks %v", n, looks)
	}
	w.drain()
	w.ran("a@1", "a@64", "a@65")
}

// walkFrom makes a CPU walk the list from r, which may be off the list: the CPU
// reached r just before r was taken off.
func (w *world) walkFrom(cpu int, r *cfd[int]) int {
	l := &w.q.shared
	head := l.head.Load()
	l.head.Store(r)
	defer l.head.Store(head)
	return w.q.Inbox(cpu).walk()
}

// A walker is at a record while its owner, step by step, fills it in for the
// next call. The walker may not run it before the last step, and then only once.
func TestReuseUnderAWalker(t *testing.T) {
	for _, targets := range []uint64{0b010, 0b110, 0b100} { // the second call: with and without the walker
		t.Run(fmt.Sprintf("%03b", targets), func(t *testing.T) {
			w := newLanes(t, 3)
			r := w.src[0].cfd
			w.share(w.src[0], words{0b110}, nil, "first")
			w.drain()
			w.ran("first@1", "first@2")

			runsNothing := func(step string) {
				t.Helper()
				if w.walkFrom(1, r) != 0 || w.walkFrom(2, r) != 0 {
					t.Errorf("%s: ran %v", step, w.log)
				}
			}
			runsNothing("free")
			r.flags.Store(csdLock)
			runsNothing("locked")
			csd, _ := armed(1)
			n := r.fill(watchedMask{words{targets}, func(int) {
				// refs is zero and the function is written, the mask is not
				runsNothing("filled but for the mask")
			}}, w.fn("second"), csd)
			runsNothing("filled, not yet on the list")
			w.q.shared.add(r, int32(n))
			w.drain()
			if len(w.log) != n || !csd.Done() {
				t.Errorf("ran %v of %d", w.log, n)
			}
			runsNothing("free again")
			w.noWarnings()
		})
	}
}

// Q3, Q9: without the zero in refs that the owner writes first, a walker that
// sees its bit of the next call could see refs of the last call. The owner must
// find that and correct refs.
func TestOwnerZeroesRefs(t *testing.T) {
	w := newLanes(t, 3)
	r := w.src[0].cfd
	r.refs.Store(1) // as if the last target's decrement were not yet seen
	r.fill(watchedMask{words{0b110}, func(int) {
		if r.refs.Load() != 0 {
			t.Error("the mask is read with old refs in place")
		}
	}}, w.fn("a"), nil)
	if w.walkFrom(1, r) != 0 {
		t.Error("a walker ran a record that is not on the list")
	}
}

// Q12. A CPU runs the first of three records. Once it has answered, the owner
// reuses that record while the walker is still at it. From the head the walker
// reaches the other two. The twin adds at the tail instead, and shows that the
// walk would end there.
func TestWalkerOnAMovedRecord(t *testing.T) {
	walk := func(again func(w *world)) *world {
		w := newLanes(t, 4)
		w.share(w.src[2], words{0b10}, nil, "third")
		w.share(w.src[3], words{0b10}, nil, "second")
		csd := parked(func() { again(w) })
		w.share(w.src[0], words{0b10}, csd, "first")
		w.q.Inbox(1).walk()
		return w
	}
	t.Run("head", func(t *testing.T) {
		w := walk(func(w *world) { w.share(w.src[0], words{0b10}, nil, "again") })
		w.ran("first@1", "second@1", "third@1")
		w.drain()
		w.ran("again@1")
		w.noWarnings()
	})
	t.Run("tail", func(t *testing.T) {
		w := walk(func(w *world) {
			r := w.src[0].cfd
			n := r.fill(words{0b10}, w.fn("again"), nil)
			addTail(&w.q.shared, r, int32(n))
		})
		w.ran("first@1") // and missed two that were on the list throughout
	})
}

// addTail is the wrong add: at the tail.
func addTail[C any](l *sharedList[C], r *cfd[C], refs int32) {
	last := l.head.Load()
	for last.next.Load() != nil {
		last = last.next.Load()
	}
	last.next.Store(r)
	r.prev = last
	r.next.Store(nil)
	r.refs.Store(refs)
}

// Q15: targets that are quick clear their bits while the sender still rings.
func TestRingsByItsOwnCopyOfTheMask(t *testing.T) {
	w := newWorld(t, Config{CPUs: []int{0, 1, 2, 64}})
	w.onRing = func(int) {
		for _, cpu := range []int{1, 2, 64} {
			w.poll(cpu)
		}
	}
	if n := w.share(w.src[0], words{0b110, 1}, nil, "a"); n != 3 {
		t.Errorf("sent to %d", n)
	}
	if !slices.Equal(w.rung, []int{1, 2, 64}) {
		t.Errorf("rang for %v", w.rung)
	}
	w.ran("a@1", "a@2", "a@64")
}

// The kernel: a function that enables interrupts is run twice. Here it may wait.
func TestSharedFunctionThatReenters(t *testing.T) {
	w := newLanes(t, 3)
	w.share(w.src[0], words{0b110}, nil, "a", func() {
		if w.poll(1)+w.poll(2) == 0 {
			w.log = append(w.log, "nothing more")
		}
	})
	w.drain()
	w.ran("a@1", "a@2", "nothing more")
	w.noWarnings()
}

// A request that precedes a record may itself serve the list, including the
// record. The owner may then reuse the record before the outer walk goes on.
// That walk has tested the mask of the earlier call.
func TestRecordReusedWhileWhatPrecedesItRuns(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		t.Run("sent", func(t *testing.T) {
			cfg.CPUs = upTo(3)
			w := newWorld(t, cfg)
			w.post(w.src[0], 1, "post1", func() {
				w.poll(1)
				w.post(w.src[0], 1, "post2")
				w.share(w.src[0], words{0b10}, nil, "share2")
			})
			w.share(w.src[0], words{0b10}, nil, "share1")
			w.drain()
			w.ran("post1@1", "share1@1", "post2@1", "share2@1")
			w.noWarnings()
		})
		t.Run("filled", func(t *testing.T) {
			cfg.CPUs = upTo(3)
			w := newWorld(t, cfg)
			r := w.src[0].cfd
			w.post(w.src[0], 1, "post", func() {
				w.poll(1)
				r.fill(words{0b10}, w.fn("not yet sent"), nil)
			})
			w.share(w.src[0], words{0b10}, nil, "share")
			w.poll(1)
			w.ran("post@1", "share@1")
			w.q.shared.add(r, 1)
			w.drain()
			w.ran("not yet sent@1")
			w.noWarnings()
		})
	})
}

func TestRefsBelowZero(t *testing.T) {
	t.Run("shared", func(t *testing.T) {
		w := newLanes(t, 3)
		w.share(w.src[0], words{0b110}, nil, "a", func() { w.src[0].cfd.refs.Store(0) })
		w.poll(1)
		if !slices.Equal(w.warnings, []string{"refs of a shared record below zero"}) {
			t.Errorf("warnings %q", w.warnings)
		}
	})
	t.Run("record", func(t *testing.T) {
		bothSingle(t, func(t *testing.T, cfg Config) {
			cfg.CPUs = upTo(2)
			w := newWorld(t, cfg)
			csd, _ := armed(1)
			csd.refs.Store(0)
			w.src[0].TryPost(1, w.fn("a"), csd, false)
			w.drain()
			if !slices.Equal(w.warnings, []string{"refs of a record below zero"}) {
				t.Errorf("warnings %q", w.warnings)
			}
		})
	})
}

func TestMaskBitsLeft(t *testing.T) {
	w := newLanes(t, 3)
	csd, _ := armed(1)
	w.share(w.src[0], words{0b010}, csd, "a", func() { w.src[0].cfd.cpumask[0].Or(0b100) })
	w.poll(1)
	if !slices.Equal(w.warnings, []string{"shared record answered by all, with bits left in its mask"}) {
		t.Errorf("warnings %q", w.warnings)
	}
	if !csd.Done() || w.q.shared.head.Load() != nil {
		t.Error("the caller waits forever for a CPU that nobody asked")
	}
}

// Records are deleted from the head, the middle and the end of the list.
func TestListDelete(t *testing.T) {
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		w := newLanes(t, 4)
		for src := range 3 { // record of CPU i is for CPU i alone
			w.share(w.src[src], words{1 << src}, nil, "a")
		}
		left := 3
		for _, cpu := range order {
			w.poll(cpu)
			left--
			n := 0
			var prev *cfd[int]
			for r := w.q.shared.head.Load(); r != nil; r = r.next.Load() {
				if r.prev != prev {
					t.Fatalf("%v: broken after %d", order, cpu)
				}
				prev = r
				n++
			}
			if n != left {
				t.Fatalf("%v: %d records on the list after %d, want %d", order, n, cpu, left)
			}
		}
	}
}

// The external callers have one record, for many goroutines.
func TestExternalCallersShare(t *testing.T) {
	w := newLanes(t, 3)
	w.post(w.external, 1, "post")
	w.share(w.external, words{0b110}, nil, "a")
	if _, ok := w.external.TryShare(words{0b110}, w.fn("b"), nil); ok {
		t.Error("used while in flight")
	}
	w.post(w.external, 1, "after")
	w.drain()
	w.ran("post@1", "a@1", "after@1", "a@2")
}
