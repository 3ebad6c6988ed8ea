package callqueue

import (
	"slices"
	"sync"
	"testing"
)

// push pushes a new completion that logs name and does then.
func (w *world) push(cpu int, name string, then ...func()) {
	n := new(Completion[int])
	n.Init(w.fn(name, then...))
	w.q.Inbox(cpu).Push(n)
}

func TestCompletionsRunOldestFirst(t *testing.T) {
	bothSingle(t, func(t *testing.T, cfg Config) {
		cfg.CPUs = upTo(2)
		w := newWorld(t, cfg)
		in := w.q.Inbox(0)
		for _, name := range []string{"a", "b", "c"} {
			w.push(0, name)
		}
		w.post(w.src[1], 0, "post")
		if !in.Pending() || !in.Ready() {
			t.Error("not pending")
		}
		if n := w.poll(0); n != 4 {
			t.Errorf("ran %d", n)
		}
		w.ran("post@0", "a@0", "b@0", "c@0")
		if in.Pending() || w.poll(0) != 0 {
			t.Error("something is left")
		}
	})
}

// While a completion waits, those after it run, once each and in order. Completions
// that they push are for the next serve.
func TestCompletionsNest(t *testing.T) {
	w := newWorld(t, Config{CPUs: upTo(1), Nesting: 3})
	w.push(0, "a", func() { w.poll(0) })
	w.push(0, "b", func() { w.push(0, "d"); w.push(0, "e") })
	w.push(0, "c")
	w.poll(0)
	w.ran("a@0", "b@0", "c@0")
	w.drain()
	w.ran("d@0", "e@0")
}

func TestCompletionsAtTheLimit(t *testing.T) {
	w := newWorld(t, Config{CPUs: upTo(1), Nesting: 1})
	w.push(0, "a", func() {
		w.push(0, "b")
		if in := w.q.Inbox(0); in.Pending() || w.poll(0) != 0 {
			t.Error("a completion at the nesting limit")
		}
	})
	w.drain()
	w.ran("a@0", "b@0")
}

// Between two completions it is checked whether the wait is over.
func TestCompletionsEndWithTheWait(t *testing.T) {
	w := newWorld(t, Config{CPUs: upTo(1)})
	csd, _ := armed(1)
	w.push(0, "outer", func() {
		w.push(0, "a")
		w.push(0, "b", func() { csd.Put(nil) })
		w.push(0, "c")
		in := w.q.Inbox(0)
		outer := in.BeginWait(csd)
		w.poll(0)
		in.EndWait(outer)
		w.log = append(w.log, "waited")
	})
	w.drain()
	w.ran("outer@0", "a@0", "b@0", "waited", "c@0")
}

func TestCompletionFailures(t *testing.T) {
	w := newWorld(t, Config{CPUs: upTo(1)})
	w.push(0, "a", func() { panic("a") })
	w.push(0, "b", goexit)
	w.push(0, "c")
	onGoroutine(func() { w.poll(0) })
	w.drain()
	w.ran("a@0", "b@0", "c@0")
	if len(w.failures) != 2 || w.q.Inbox(0).depth != 0 {
		t.Errorf("failures %v, depth %d", w.failures, w.q.Inbox(0).depth)
	}
}

// Many push while the CPU takes. The order of each is kept and nothing is lost.
func TestCompletionsConcurrently(t *testing.T) {
	pushers, each := 4, 2000
	if testing.Short() {
		pushers, each = 2, 1
	}
	w := newWorld(t, Config{CPUs: upTo(1)})
	in := w.q.Inbox(0)
	next := make([]int, pushers)
	var wg sync.WaitGroup
	for p := range pushers {
		wg.Go(func() {
			for i := range each {
				n := new(Completion[int])
				n.Init(func(int) {
					if next[p] != i {
						t.Errorf("pusher %d: number %d ran as number %d", p, i, next[p])
					}
					next[p]++
				})
				in.Push(n)
			}
		})
	}
	done := make(chan struct{})
	go func() { wg.Wait(); close(done) }()
	for over := false; !over; {
		select {
		case <-done:
			over = true
		default:
		}
		in.Poll()
	}
	w.drain()
	if slices.ContainsFunc(next, func(n int) bool { return n != each }) {
		t.Errorf("ran %v", next)
	}
}
