package gocheck_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"crosscall/gocheck"
	"crosscall/gocheck/atomic"
	"crosscall/gocheck/sync"
)

func sprintf(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// Programs that are right, with their numbers of executions.
var holds = []struct {
	name       string
	executions int64
	body       func(*gocheck.T)
}{
	{"store buffering has three outcomes", 3, func(t *gocheck.T) {
		var x, y atomic.Int32
		var a, b int32
		t.Go(func() { x.Store(1); a = y.Load() })
		t.Go(func() { y.Store(1); b = x.Load() })
		t.Final(func() {
			if a == 0 && b == 0 {
				t.Errorf("not sequentially consistent")
			}
		})
	}},
	{"orders of a lock", 24, func(t *gocheck.T) {
		var mu sync.Mutex
		var n gocheck.Var[int]
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				mu.Lock()
				n.Set(n.Get() + 1)
				mu.Unlock()
			})
		}
		wg.Wait()
		if n.Get() != 4 {
			t.Errorf("n = %d", n.Get())
		}
	}},
	{"waiting is not unrolled", 1, func(t *gocheck.T) {
		var flag atomic.Bool
		var v gocheck.Var[int]
		for range 3 {
			t.Go(func() {
				for !flag.Load() {
					gocheck.Spin()
				}
				v.Get()
			})
		}
		v.Set(1)
		flag.Store(true)
	}},
	{"a worker may idle", 4, func(t *gocheck.T) {
		var work, done atomic.Int32
		t.Go(func() {
			for {
				if n := work.Swap(0); n != 0 {
					done.Add(n)
				}
				gocheck.Idle()
			}
		})
		t.Go(func() { work.Add(1) })
		t.Go(func() { work.Add(1) })
		t.Final(func() {
			if done.Load() != 2 {
				t.Errorf("done = %d", done.Load())
			}
		})
	}},
	{"a retry is no waiting", 4, func(t *gocheck.T) {
		var x atomic.Int32
		for range 2 {
			t.Go(func() {
				for old := x.Load(); !x.CompareAndSwap(old, old+1); old = x.Load() {
					gocheck.Spin()
				}
			})
		}
		t.Final(func() {
			if x.Load() != 2 {
				t.Errorf("x = %d", x.Load())
			}
		})
	}},
	{"readers do not exclude each other", 0, func(t *gocheck.T) {
		var mu sync.RWMutex
		var v gocheck.Var[int]
		for range 2 {
			t.Go(func() { mu.RLock(); v.Get(); mu.RUnlock() })
		}
		mu.Lock()
		v.Set(1)
		mu.Unlock()
	}},
	{"once", 2, func(t *gocheck.T) {
		var o sync.Once
		var v gocheck.Var[int]
		for range 2 {
			t.Go(func() {
				o.Do(func() { v.Set(v.Get() + 1) })
				if v.Get() != 1 {
					t.Errorf("v = %d", v.Get())
				}
			})
		}
	}},
	{"condition", 0, func(t *gocheck.T) {
		var mu sync.Mutex
		var ready gocheck.Var[bool]
		c := sync.NewCond(&mu)
		t.Go(func() {
			mu.Lock()
			ready.Set(true)
			mu.Unlock()
			c.Broadcast()
		})
		for range 2 {
			t.Go(func() {
				mu.Lock()
				for !ready.Get() {
					c.Wait()
				}
				mu.Unlock()
			})
		}
	}},
	{"pool", 0, func(t *gocheck.T) {
		p := sync.Pool{New: func() any { return new(gocheck.Var[int]) }}
		for range 2 {
			t.Go(func() {
				v := p.Get().(*gocheck.Var[int])
				v.Set(v.Get() + 1)
				p.Put(v)
			})
		}
	}},
	{"try lock", 0, func(t *gocheck.T) {
		var mu sync.Mutex
		var v gocheck.Var[int]
		for range 2 {
			t.Go(func() {
				for !mu.TryLock() {
					gocheck.Spin()
				}
				v.Set(v.Get() + 1)
				mu.Unlock()
			})
		}
	}},
	{"choices", 9, func(t *gocheck.T) {
		var x atomic.Int32
		x.Store(int32(t.Choose(3)))
		t.Go(func() { x.Store(int32(t.Choose(3))) })
	}},
	{"goroutines of goroutines", 24, func(t *gocheck.T) {
		var x atomic.Int32
		for range 2 {
			t.Go(func() {
				t.Go(func() { x.Add(1) })
				x.Add(1)
			})
		}
	}},
	{"what follows a Wait follows each Done", 2, func(t *gocheck.T) {
		var x, y atomic.Int32
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() { x.Add(1) })
		}
		t.Go(func() {
			wg.Wait()
			x.Add(1)
			y.Add(1)
		})
	}},
	{"Spins before the first operation", 2, func(t *gocheck.T) {
		var x atomic.Int32
		t.Go(func() {
			gocheck.Spin()
			x.Add(1)
		})
		gocheck.Spin()
		x.Add(1)
	}},
	{"many goroutines that do not meet", 1, func(t *gocheck.T) {
		x := make([]atomic.Int32, 20)
		for i := range x {
			t.Go(func() { x[i].Add(1) })
		}
	}},
	{"a thousand goroutines", 2, func(t *gocheck.T) {
		var x atomic.Int32
		var wg sync.WaitGroup
		for i := range 1000 {
			wg.Go(func() {
				if i == 100 || i == 900 {
					x.Add(1)
				}
			})
		}
		wg.Wait()
	}},
	{"nothing", 1, func(*gocheck.T) {}},
}

func TestHolds(t *testing.T) {
	for _, c := range holds {
		t.Run(c.name, func(t *testing.T) {
			r := gocheck.Check(t, gocheck.Options{}, c.body)
			if c.executions > 0 && r.Executions != c.executions {
				t.Errorf("%v: want %d executions", r, c.executions)
			}
			t.Log(r)
		})
	}
}

func TestBounds(t *testing.T) {
	large := func(t *gocheck.T) {
		var x atomic.Int32
		for range 6 {
			t.Go(func() { x.Add(1); x.Add(1) })
		}
	}
	for _, c := range []struct {
		name   string
		opts   gocheck.Options
		body   func(*gocheck.T)
		reason string
	}{
		{"executions", gocheck.Options{MaxExecutions: 100}, large, "more than 100 executions"},
		{"time", gocheck.Options{Timeout: time.Nanosecond}, large, "not done after"},
		{"preemptions", gocheck.Options{Preemptions: -1}, large, "up to 0 preemptions"},
		{"random", gocheck.Options{RandomWalks: 10}, large, "sample"},
		{"steps", gocheck.Options{MaxSteps: 50}, func(*gocheck.T) {
			var x atomic.Int32
			for x.Load() == 0 {
			}
		}, "the last 50 by G0, the last one Load of Int32#0: does a loop wait"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := explore(t, c.opts, c.body)
			if r.Complete || r.Failure != nil || r.Verdict() != "incomplete" || !strings.Contains(r.Reason, c.reason) {
				t.Errorf("%v: want %q", r, c.reason)
			}
			if text := failsWith(func(t testing.TB) { gocheck.Check(t, c.opts, c.body) }); !strings.Contains(text, "incomplete") {
				t.Errorf("Check accepts it: %q", text)
			}
		})
	}
}

func TestBoundNotHit(t *testing.T) {
	r := explore(t, gocheck.Options{Preemptions: 10, MaxExecutions: 1000, MaxSteps: 100, Timeout: time.Hour}, lostUpdate)
	if r.Failure == nil {
		t.Error(r)
	}
	r = explore(t, gocheck.Options{Preemptions: 10}, holds[0].body)
	if !r.Complete {
		t.Error(r)
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	n := 0
	r, err := gocheck.Explore(ctx, gocheck.Options{}, func(t *gocheck.T) {
		n++
		var x atomic.Int32
		for range 6 {
			t.Go(func() { x.Add(1) })
		}
	})
	if err != nil || r.Complete || n > 100 {
		t.Errorf("%v, %v after %d executions", r, err, n)
	}
}

func TestBadOptions(t *testing.T) {
	for _, o := range []gocheck.Options{{MaxSteps: -1}, {MaxExecutions: -1}, {Timeout: -1}, {RandomWalks: -1}} {
		if _, err := gocheck.Explore(context.Background(), o, func(*gocheck.T) {}); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}

// recover does not keep an execution alive that was given up.
func TestRecover(t *testing.T) {
	recovered := 0
	r := explore(t, gocheck.Options{}, func(t *gocheck.T) {
		var x, y atomic.Int32
		t.Go(func() {
			defer func() {
				if recover() != nil && !gocheck.Unwinding() {
					recovered++
				}
				y.Add(1)
			}()
			for x.Load() == 0 {
				gocheck.Spin()
			}
			panic("mine")
		})
		t.Go(func() { x.Store(1) })
	})
	if !r.Complete || recovered != 1 {
		t.Errorf("%v, recovered %d times", r, recovered)
	}
}

// Outside of an exploration the types are those of the standard library.
func TestOutside(t *testing.T) {
	var n atomic.Int64
	var mu sync.Mutex
	var rw sync.RWMutex
	var wg sync.WaitGroup
	var once sync.Once
	var p atomic.Pointer[int]
	var v gocheck.Var[int]
	for range 8 {
		wg.Go(func() {
			once.Do(func() { p.Store(new(int)) })
			mu.Lock()
			v.Set(v.Get() + 1)
			mu.Unlock()
			rw.RLock()
			n.Add(1)
			rw.RUnlock()
		})
	}
	done := make(chan bool)
	gocheck.Go(func() {
		wg.Wait()
		close(done)
	})
	<-done
	if n.Load() != 8 || v.Get() != 8 || p.Load() == nil {
		t.Errorf("n = %d, v = %d", n.Load(), v.Get())
	}
	gocheck.Spin()
	gocheck.Idle()
}

// A goroutine that exits in the middle, as testing's FailNow does, ends the
// exploration and leaves nothing behind.
func TestGoexit(t *testing.T) {
	done := make(chan bool)
	go func() {
		defer close(done)
		_, _ = gocheck.Explore(context.Background(), gocheck.Options{}, func(t *gocheck.T) {
			var x atomic.Int32
			t.Go(func() {
				for x.Load() == 0 {
					gocheck.Idle()
				}
			})
			t.Go(func() {
				x.Load()
				runtime.Goexit()
			})
		})
		t.Error("not reached")
	}()
	<-done
	gocheck.Check(t, gocheck.Options{}, holds[0].body)
}

// After a long computation on plain variables, whose reads are not all noted, a
// waiting loop is still recognized: only its first round is explored as if it had an
// effect.
func TestManyReads(t *testing.T) {
	r := gocheck.Check(t, gocheck.Options{}, func(t *gocheck.T) {
		var flag atomic.Bool
		var v gocheck.Var[int]
		t.Go(func() {
			for range 1 << 18 {
				v.Get()
			}
			for !flag.Load() {
				gocheck.Spin()
			}
		})
		t.Go(func() { flag.Store(true) })
	})
	if r.Executions != 2 {
		t.Errorf("%v: want 2 executions", r)
	}
}

// A loop that waits may call Spin at more than one place.
func TestTwoSpins(t *testing.T) {
	wait := func(a, b *atomic.Bool) {
		for {
			if a.Load() {
				return
			}
			gocheck.Spin()
			if b.Load() {
				return
			}
			gocheck.Spin()
		}
	}
	for _, first := range []bool{false, true} {
		r := gocheck.Check(t, gocheck.Options{}, func(t *gocheck.T) {
			var a, b atomic.Bool
			t.Go(func() { wait(&a, &b) })
			t.Go(func() {
				if first {
					a.Store(true)
				} else {
					b.Store(true)
				}
			})
		})
		if r.Executions > 4 {
			t.Errorf("%v", r)
		}
	}
	r, err := gocheck.Explore(t.Context(), gocheck.Options{}, func(t *gocheck.T) {
		var a, b atomic.Bool
		t.Go(func() { wait(&a, &b) })
	})
	if err != nil || r.Failure == nil || r.Failure.Kind != "livelock" {
		t.Errorf("%v, %v", r, err)
	}
}
