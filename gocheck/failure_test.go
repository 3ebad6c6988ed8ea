package gocheck_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
)

// Each kind of failure, with words that its message must have.
var failures = []struct {
	name string
	kind gocheck.Kind
	says string
	body func(*gocheck.T)
}{
	{"lost update", gocheck.Assertion, "n = 1", lostUpdate},
	{"fatal", gocheck.Assertion, "stop", func(t *gocheck.T) {
		t.Fatalf("stop")
		panic("not reached")
	}},
	{"assertion in a round that waits", gocheck.Assertion, "saw 0", func(t *gocheck.T) {
		var x atomic.Int32
		t.Go(func() { x.Store(1) })
		for x.Load() == 0 {
			t.Errorf("saw 0")
			gocheck.Spin()
		}
	}},
	{"choice", gocheck.Assertion, "chose 2", func(t *gocheck.T) {
		if n := t.Choose(3); n == 2 {
			t.Errorf("chose %d", n)
		}
	}},
	{"panic", gocheck.Panic, "index out of range", func(t *gocheck.T) {
		var x atomic.Int32
		s := []int{1}
		t.Go(func() { x.Store(1) })
		t.Go(func() { _ = s[x.Load()] })
	}},
	{"race", gocheck.Race, "failure_test.go", func(t *gocheck.T) {
		var v gocheck.Var[int]
		t.Go(func() { v.Set(1) })
		t.Go(func() { v.Get() })
	}},
	{"race on the wrong side of a flag", gocheck.Race, "G0 reads v, which G1 writes", func(t *gocheck.T) {
		var v gocheck.Var[int]
		var flag atomic.Bool
		t.Go(func() { flag.Store(true); v.Set(1) })
		for !flag.Load() {
			gocheck.Spin()
		}
		v.Get()
	}},
	{"a failed CompareAndSwap releases nothing", gocheck.Race, "", func(t *gocheck.T) {
		var v gocheck.Var[int]
		var x atomic.Int32
		x.Store(1)
		t.Go(func() {
			v.Set(1)
			x.CompareAndSwap(0, 2)
		})
		t.Go(func() {
			x.Load()
			v.Get()
		})
	}},
	{"two readers are not ordered by their locks", gocheck.Race, "writes", func(t *gocheck.T) {
		var v gocheck.Var[int]
		var mu sync.RWMutex
		for range 2 {
			t.Go(func() {
				mu.RLock()
				v.Set(1)
				mu.RUnlock()
			})
		}
	}},
	{"deadlock", gocheck.Deadlock, "waits in Lock of b", func(t *gocheck.T) {
		var a, b sync.Mutex
		t.Name(&a, "a")
		t.Name(&b, "b")
		var wg sync.WaitGroup
		wg.Go(func() { both(&a, &b) })
		wg.Go(func() { both(&b, &a) })
		wg.Wait()
	}},
	{"read lock twice around a writer", gocheck.Deadlock, "RLock", func(t *gocheck.T) {
		var mu sync.RWMutex
		t.Go(func() {
			mu.Lock()
			defer mu.Unlock()
		})
		mu.RLock()
		defer mu.RUnlock()
		mu.RLock()
		defer mu.RUnlock()
	}},
	{"lost signal", gocheck.Deadlock, "Wait (for Signal or Broadcast)", func(t *gocheck.T) {
		var mu sync.Mutex
		c := sync.NewCond(&mu)
		t.Go(c.Signal)
		mu.Lock()
		c.Wait()
		mu.Unlock()
	}},
	{"one signal for two", gocheck.Leak, "Wait (for Signal or Broadcast)", func(t *gocheck.T) {
		var mu sync.Mutex
		waiting := 0
		c := sync.NewCond(&mu)
		for range 2 {
			t.Go(func() {
				mu.Lock()
				defer mu.Unlock()
				waiting++
				c.Wait()
			})
		}
		t.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			if waiting == 2 {
				c.Signal()
			} else {
				c.Broadcast()
			}
		})
	}},
	{"leak", gocheck.Leak, "the body has returned", func(t *gocheck.T) {
		var wg sync.WaitGroup
		wg.Add(1)
		t.Go(wg.Wait)
	}},
	{"livelock", gocheck.Livelock, "spins on done", func(t *gocheck.T) {
		var done atomic.Bool
		t.Name(&done, "done")
		t.Go(func() {
			for !done.Load() {
				gocheck.Spin()
			}
		})
	}},
	{"unlock of a free lock", gocheck.Misuse, "not locked", func(t *gocheck.T) {
		var mu sync.Mutex
		mu.Unlock()
	}},
	{"negative counter", gocheck.Misuse, "negative", func(t *gocheck.T) {
		var wg sync.WaitGroup
		wg.Done()
	}},
	{"outlived", gocheck.Outlived, "make it inside the body", func() func(*gocheck.T) {
		var x atomic.Int32
		return func(t *gocheck.T) {
			t.Go(func() { x.Add(1) })
			t.Go(func() { x.Add(1) })
		}
	}()},
	{"nondeterminism", gocheck.Nondeterminism, "which is about to call Store of", func() func(*gocheck.T) {
		n := 0
		return func(t *gocheck.T) {
			var x, y atomic.Int32
			n++
			t.Go(func() {
				if n%2 == 0 {
					y.Store(1)
				}
				x.Store(1)
			})
			t.Go(func() { x.Store(2) })
			t.Go(func() { x.Store(3) })
		}
	}()},
}

func explore(t interface {
	Helper()
	Fatal(...any)
}, o gocheck.Options, body func(*gocheck.T)) gocheck.Result {
	t.Helper()
	r, err := gocheck.Explore(context.Background(), o, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A program with more goroutines than the explorer has room for may be right.
func TestTooManyGoroutines(t *testing.T) {
	r := explore(t, gocheck.Options{}, func(t *gocheck.T) {
		for range 4096 {
			t.Go(func() {})
		}
	})
	if r.Verdict() != "incomplete" || r.Reason != "more than 4096 goroutines" {
		t.Error(r)
	}
}

func TestFailures(t *testing.T) {
	for _, c := range failures {
		t.Run(c.name, func(t *testing.T) {
			r := explore(t, gocheck.Options{}, c.body)
			if r.Failure == nil || r.Failure.Kind != c.kind || !strings.Contains(r.Failure.String(), c.says) {
				t.Fatalf("%v\n%v\nwant %s, %q", r, r.Failure, c.kind, c.says)
			}
			if r.Complete || r.Verdict() != "fails" {
				t.Errorf("a failure, and %v", r)
			}
			if strings.Contains(r.Failure.Message, "did not fail when") {
				t.Error(r.Failure)
			}
			draws(t, r.Failure)
		})
	}
}

// draws makes sure that there is a picture.
func draws(t *testing.T, f *gocheck.Failure) {
	t.Helper()
	var b bytes.Buffer
	if err := f.SVG(&b, t.Name()); err != nil {
		t.Error(err)
	}
	if err := xml.Unmarshal(b.Bytes(), new(any)); err != nil {
		t.Error(err)
	}
	if !strings.Contains(b.String(), `class="failing"`) {
		t.Error("the picture does not show the failure")
	}
	if f.Kind == gocheck.Race && !strings.Contains(b.String(), ">race</text>") {
		t.Error("the picture does not join the two accesses of the race")
	}
}

// A recorder stands in for a testing.T that has to fail.
type recorder struct {
	testing.TB
	text string
}

func (r *recorder) Helper()                   {}
func (r *recorder) Name() string              { return "TestX" }
func (r *recorder) Fatal(args ...any)         { r.fatal(args[0].(interface{ String() string }).String()) }
func (r *recorder) Fatalf(f string, a ...any) { r.fatal(sprintf(f, a...)) }
func (r *recorder) Logf(f string, a ...any)   { r.text += sprintf(f, a...) }

func (r *recorder) fatal(s string) {
	r.text = s
	panic(r)
}

func failsWith(f func(testing.TB)) (text string) {
	r := &recorder{}
	defer func() {
		if p := recover(); p != nil && p != any(r) {
			panic(p)
		}
		text = r.text
	}()
	f(r)
	return ""
}

func TestReplay(t *testing.T) {
	picture := filepath.Join(t.TempDir(), "failure.html")
	t.Setenv(gocheck.PictureVariable, picture)
	first := failsWith(func(t testing.TB) { gocheck.Check(t, gocheck.Options{}, lostUpdate) })
	_, seed, ok := strings.Cut(first, "seed: ")
	if !ok {
		t.Fatalf("no seed in %q", first)
	}
	seed = strings.Fields(seed)[0]
	again := failsWith(func(t testing.TB) { gocheck.Replay(t, seed, lostUpdate) })
	if got, _, _ := strings.Cut(first, "\nto run this "); strings.TrimSpace(got) != strings.TrimSpace(again) {
		t.Errorf("first:\n%s\nagain:\n%s", first, again)
	}
	t.Setenv(gocheck.ReplayVariable, seed)
	if env := failsWith(func(t testing.TB) { gocheck.Check(t, gocheck.Options{}, lostUpdate) }); env != again {
		t.Errorf("by the environment:\n%s", env)
	}
	if page, err := os.ReadFile(picture); err != nil || !bytes.Contains(page, []byte("<svg")) {
		t.Errorf("picture: %v, %d bytes", err, len(page))
	}
}

func TestReplayPasses(t *testing.T) {
	right := func(t *gocheck.T) {
		var n atomic.Int32
		t.Go(func() { n.Add(1) })
		t.Go(func() { n.Add(1) })
	}
	if text := failsWith(func(t testing.TB) { gocheck.Replay(t, "00", right) }); !strings.Contains(text, "passes") {
		t.Errorf("%q", text)
	}
}

func TestReplayRandom(t *testing.T) {
	body := func(t *gocheck.T) {
		var x, y atomic.Int32
		t.Go(func() {
			for x.Load() == 0 {
				gocheck.Spin()
			}
			y.Store(1)
		})
		t.Go(func() { x.Store(1) })
		if t.Choose(5) == 3 {
			for y.Load() == 0 {
				gocheck.Spin()
			}
			t.Errorf("got there")
		}
	}
	r := explore(t, gocheck.Options{RandomWalks: 1000, Seed: 1}, body)
	if r.Failure == nil {
		t.Fatal(r)
	}
	text := failsWith(func(t testing.TB) { gocheck.Replay(t, r.Failure.Seed, body) })
	if text != r.Failure.String() {
		t.Errorf("found:\n%s\nreplayed:\n%s", r.Failure, text)
	}
}
