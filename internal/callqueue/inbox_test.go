package callqueue

import (
	"fmt"
	"slices"
	"testing"
)

// After it found posts, the target does not read the tails for a moment, but
// not longer.
func TestPostIsFoundAfterSkips(t *testing.T) {
	w := newLanes(t, 2)
	in := w.q.Inbox(1)
	w.post(w.src[0], 1, "a")
	if in.Poll() != 1 {
		t.Fatal("an idle target skips")
	}
	w.post(w.src[0], 1, "b")
	polls := 1
	for in.Poll() == 0 {
		polls++
	}
	if polls != skips+1 {
		t.Errorf("found by poll %d, want %d", polls, skips+1)
	}
	w.post(w.src[0], 1, "c")
	if !in.Pending() || in.Poll() != 1 { // the last check before sleep includes everything
		t.Error("a post was overlooked before sleep")
	}
	w.post(w.src[0], 1, "d")
	w.call(0, 1, "e")
	if in.Poll() != 2 {
		t.Error("a call does not take along the posts before it")
	}
	w.ran("a@1", "b@1", "c@1", "d@1", "e@1")
}

func TestPending(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		sends := map[string]func(w *world){
			"post":     func(w *world) { w.post(w.src[0], 1, "a") },
			"external": func(w *world) { w.post(w.external, 1, "a") },
			"share":    func(w *world) { w.share(w.src[0], words{0b110}, nil, "a") },
		}
		if !cfg.SingleQueue {
			sends["call"] = func(w *world) { w.call(0, 1, "a") }
		}
		for name, send := range sends {
			t.Run(name, func(t *testing.T) {
				cfg.CPUs = upTo(3)
				w := newWorld(t, cfg)
				in := w.q.Inbox(1)
				if in.Pending() || in.Depth() != 0 {
					t.Fatal("something is pending in an empty inbox")
				}
				send(w)
				if !in.Pending() || in.Depth() != 1 {
					t.Errorf("pending %v, depth %d", in.Pending(), in.Depth())
				}
				w.poll(1)
				if in.Pending() || in.Depth() != 0 || in.Received() != 1 {
					t.Errorf("after it ran: pending %v, depth %d, received %d", in.Pending(), in.Depth(), in.Received())
				}
			})
		}
	})
}

// A fence passes when its CPU holds nothing: between two functions, not within
// one.
func TestFenceWaitsForTheFunctionsUnderWay(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		cfg.CPUs = upTo(2)
		w := newWorld(t, cfg)
		fence := new(CSD)
		fence.ArmFence(1, nil)
		w.post(w.src[0], 1, "outer", func() {
			w.src[0].TryPost(1, func(int) { t.Error("a fence has no function") }, fence, false)
			w.post(w.src[0], 1, "inner")
			w.drain()
			if fence.Done() || w.q.Inbox(1).Pending() {
				t.Error("a fence passed within a function, or keeps its CPU from sleep")
			}
		})
		w.drain()
		w.ran("outer@1", "inner@1")
		if !fence.Done() {
			t.Error("a fence did not pass after the function")
		}
		if got := w.q.Inbox(1).Received(); got != 2 {
			t.Errorf("received %d: a fence is no function", got)
		}
	})
}

func TestFencePassesAQuietWait(t *testing.T) {
	w := newLanes(t, 2)
	in := w.q.Inbox(1)
	send := func() *CSD {
		fence := new(CSD)
		fence.ArmFence(1, nil)
		w.src[0].TryPost(1, func(int) {}, fence, false)
		return fence
	}
	w.post(w.src[0], 1, "outer", func() {
		outer, ok := in.BeginQuiet()
		if !ok {
			t.Fatal("the only function may not say that it holds nothing")
		}
		first := send()
		w.post(w.src[0], 1, "inner", func() {
			second := send()
			w.poll(1)
			if second.Done() {
				t.Error("passed though the inner function holds something")
			}
			quiet, ok := in.BeginQuiet()
			w.poll(1)
			if !ok || !second.Done() {
				t.Error("did not pass though both functions hold nothing")
			}
			in.EndQuiet(quiet)
		})
		w.drain()
		if !first.Done() {
			t.Error("did not pass a wait that holds nothing")
		}
		in.EndQuiet(outer)
		third := send()
		w.drain()
		if third.Done() {
			t.Error("passed after the wait")
		}
		w.post(w.src[0], 1, "served", func() {
			if quiet, ok := in.BeginQuiet(); ok {
				t.Error("the inner function spoke for the outer one")
				in.EndQuiet(quiet)
			}
		})
		w.drain()
	})
	w.drain()
	if len(in.deferred) != 0 {
		t.Error("a fence was left behind")
	}
}

// A CPU's call to itself runs after all that it sent to itself before.
func TestRunKeepsTheOrder(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		cfg.CPUs = upTo(2)
		w := newWorld(t, cfg)
		in := w.q.Inbox(0)
		w.post(w.src[0], 0, "post1")
		w.share(w.src[0], words{0b11}, nil, "share")
		w.post(w.src[0], 0, "post2")
		if err := in.Run(w.src[0], w.fn("run")); err != nil {
			t.Error(err)
		}
		w.ran("post1@0", "share@0", "post2@0", "run@0")
		if in.Received() != 4 {
			t.Errorf("received %d", in.Received())
		}
		if err := in.Run(w.src[0], w.fn("boom", func() { panic("boom") })); err == nil {
			t.Error("a panic is no error")
		}
		if in.depth != 0 {
			t.Errorf("nesting %d", in.depth)
		}
	})
}

func TestGuardIsNoRequest(t *testing.T) {
	w := newLanes(t, 1)
	in := w.q.Inbox(0)
	if err := in.Guard(w.fn("a", func() {
		if in.depth != 1 {
			t.Errorf("nesting %d", in.depth)
		}
	})); err != nil || in.Received() != 0 {
		t.Errorf("error %v, received %d", err, in.Received())
	}
	if in.Guard(w.fn("b", func() { panic("boom") })) == nil {
		t.Error("a panic is no error")
	}
	w.ran("a@0", "b@0")
}

func TestTraceGoesAroundEachFunction(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		cfg.CPUs = upTo(2)
		w := newWorld(t, cfg)
		in := w.q.Inbox(1)
		in.Trace(func(cpu int, fn func(int)) {
			w.log = append(w.log, "begin")
			fn(cpu)
			w.log = append(w.log, "end")
		})
		w.post(w.src[0], 1, "post")
		w.share(w.src[0], words{0b10}, nil, "share")
		if !cfg.SingleQueue {
			w.call(0, 1, "call")
		}
		w.drain()
		if i := slices.Index(w.log, "share@1"); i < 1 || w.log[i-1] != "begin" || w.log[i+1] != "end" || len(w.log)%3 != 0 {
			t.Errorf("ran %v", w.log)
		}
		in.Trace(nil)
		w.log = nil
		w.post(w.src[0], 1, "untraced")
		w.drain()
		w.ran("untraced@1")
	})
}

func TestPosts(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		cfg.CPUs = upTo(2)
		w := newWorld(t, cfg)
		in := w.q.Inbox(1)
		for i := range 5 {
			w.post(w.src[i%2], 1, fmt.Sprint(i))
		}
		if waiting, taken := in.Posts(); waiting != 5 || taken != 0 {
			t.Errorf("%d wait, %d taken, of 5", waiting, taken)
		}
		w.drain()
		if waiting, taken := in.Posts(); waiting != 0 || taken != 5 {
			t.Errorf("%d wait, %d taken, of 5, after all", waiting, taken)
		}
	})
}
