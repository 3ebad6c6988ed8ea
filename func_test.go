package crosscall

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// arg32 is the largest argument without references that goes by the mailbox.
type arg32 [4]uint64

var sum32 = NewFunc(func(_ *CPU, a arg32) uint64 { return a[0] + a[1] + a[2] + a[3] })

// callers runs fn with each kind of caller: a CPU, and a goroutine that is none.
func callers(t *testing.T, s *System, fn func(t *testing.T, k Caller)) {
	t.Helper()
	fn(t, s)
	on(t, s, first(s), func(c *CPU) { fn(t, c) })
}

// carries calls a Func that returns its argument, on every CPU, twice: the first
// call opens the lane. The value must come back, and must have been there.
func carries[T any](t *testing.T, s *System, v T) {
	t.Helper()
	var there any
	f := NewFunc(func(_ *CPU, v T) T { there = v; return v })
	callers(t, s, func(t *testing.T, k Caller) {
		for cpu := range s.possible.All() {
			for range 2 {
				there = nil
				got, err := f.Call(ctx, k, cpu, v)
				if err != nil || !reflect.DeepEqual(got, v) || !reflect.DeepEqual(there, any(v)) {
					t.Errorf("%T: passed %v, returned %v, %v; want %v", v, there, got, err, v)
				}
			}
		}
	})
}

func TestFuncCarriesValuesOfAllShapes(t *testing.T) {
	eachDesignOf(t, "virtual 3", virtual(3), func(t *testing.T, s *System) {
		n := 7
		carries(t, s, struct{}{})
		carries(t, s, int8(-3))
		carries(t, s, "a string")
		carries(t, s, []int{1, 2, 3})
		carries(t, s, map[string]int{"a": 1})
		carries(t, s, &n)
		carries(t, s, error(errors.New("an interface")))
		carries(t, s, arg32{1, 2, 3, 4})
		carries(t, s, [5]uint64{1, 2, 3, 4, 5})
		carries(t, s, [12]byte{1, 11: 12})
		carries(t, s, [3]*int{&n, nil, &n})
		carries(t, s, [4]*int{&n, nil, &n, &n})
		carries(t, s, [0]*int{})
		carries(t, s, struct {
			A byte
			B string
			C uint16
			D []byte
			E bool
		}{1, "b", 3, []byte("d"), true})
		carries(t, s, struct {
			A       int
			B       any
			C       *int
			D, E, F int
		}{1, 2, &n, 4, 5, 6})
		carries(t, s, [100]string{3: "large", 99: "last"})
	})
}

func TestLayout(t *testing.T) {
	tests := []struct {
		name string
		got  layout
		want layout
	}{
		{"32 bytes", layoutOf[arg32](), layout{fits: true}},
		{"33 bytes", layoutOf[[33]byte](), layout{}},
		{"odd size", layoutOf[[13]byte](), layout{fits: true}},
		{"string", layoutOf[string](), layout{fits: true, words: 2, refs: 1}},
		{"any", layoutOf[any](), layout{fits: true, words: 2, refs: 3}},
		{"3 references", layoutOf[[3]*int](), layout{fits: true, words: 3, refs: 7}},
		{"nested", layoutOf[struct {
			A int
			B struct {
				C [2]int32
				D []int
			}
		}](), layout{fits: true, words: 5, refs: 1 << 2}},
		{"no size", layoutOf[[1 << 40]struct{}](), layout{fits: true}},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, test.got, test.want)
		}
	}
	for name, got := range map[string]layout{
		"4 references": layoutOf[[4]*int](), "5 words and a reference": layoutOf[struct {
			A [5]int
			B *int
		}](), "large": layoutOf[[1 << 20]*int](),
	} {
		if got.fits {
			t.Errorf("%s fits", name)
		}
	}
}

func TestFuncDoesNotAllocate(t *testing.T) {
	if raceEnabled {
		t.Skip("sync.Pool drops at random under the race detector")
	}
	large := NewFunc(func(_ *CPU, a [9]string) [9]string { return a })
	length := NewFunc(func(_ *CPU, s string) int { return len(s) })
	eachDesignOf(t, "usable", Options{CPUs: usable(t)}, func(t *testing.T, s *System) {
		callers(t, s, func(t *testing.T, k Caller) {
			what := fmt.Sprintf("%T", k)
			cpu := last(s)
			allocates(t, what+" 32 bytes", func() { _, err := sum32.Call(ctx, k, cpu, arg32{1, 2, 3, 4}); must(t, err) })
			allocates(t, what+" string", func() { _, err := length.Call(ctx, k, cpu, "four"); must(t, err) })
			allocates(t, what+" large", func() { _, err := large.Call(ctx, k, cpu, [9]string{"a"}); must(t, err) })
		})
	})
}

// CPUs call each other in circles by one Func: a CPU that waits serves a call that
// makes the same kind of call again. No call may get the argument or the result of
// another.
func TestFuncNested(t *testing.T) {
	eachDesignOf(t, "virtual 3", virtual(3), func(t *testing.T, s *System) {
		type in struct{ Depth, Value int }
		var f *Func[in, int]
		f = NewFunc(func(c *CPU, a in) int {
			if a.Depth == 0 {
				return a.Value
			}
			got, err := f.Call(ctx, c, (c.ID()+a.Depth)%3, in{a.Depth - 1, a.Value + 1})
			must(t, err)
			return got
		})
		var all sync.WaitGroup
		for g := range 4 {
			all.Go(func() {
				for i := range rounds(s, 300) {
					value := 1000 * (g + 1) * (i + 1)
					got, err := f.Call(ctx, s, (g+i)%3, in{5, value})
					if err != nil || got != value+5 {
						t.Errorf("got %d, %v, want %d", got, err, value+5)
					}
				}
			})
		}
		all.Wait()
	})
}

// A call by mailbox has been answered. Before its caller reads the answer, it
// serves a function that calls the same CPU. That call must not use the mailbox,
// which still has the result.
func TestFuncKeepsItsResultFromAServedCall(t *testing.T) {
	s := open(t, virtual(2))
	double := NewFunc(func(_ *CPU, n int) int { return 2 * n })
	// The function posts one to its caller, which serves it while it waits.
	f := NewFunc(func(c *CPU, n int) int {
		must(t, c.Post(0, func(c *CPU) {
			time.Sleep(time.Millisecond) // f is answered by now
			got, err := double.Call(ctx, c, 1, 50)
			if err != nil || got != 100 {
				t.Errorf("the served call returned %d, %v", got, err)
			}
		}))
		time.Sleep(100 * time.Microsecond) // the caller has begun to serve
		return n + 1
	})
	on(t, s, 0, func(c *CPU) {
		for i := range 50 {
			got, err := f.Call(ctx, c, 1, i)
			if err != nil || got != i+1 {
				t.Fatalf("returned %d, %v, want %d", got, err, i+1)
			}
		}
	})
	flushAll(t, s) // on a busy machine the last post may not have run
}

func TestFuncThatDoesNotReturn(t *testing.T) {
	eachDesignOf(t, "virtual 2", virtual(2), func(t *testing.T, s *System) {
		f := NewFunc(func(_ *CPU, n *int) *int {
			switch *n {
			case 1:
				panic("one")
			case 2:
				runtime.Goexit()
			}
			return n
		})
		callers(t, s, func(t *testing.T, k Caller) {
			for i := range 12 {
				n := i % 3
				got, err := f.Call(ctx, k, 1, &n)
				if n == 0 {
					if err != nil || got != &n {
						t.Errorf("returned %v, %v", got, err)
					}
					continue
				}
				var p *PanicError
				if panicked := errors.As(err, &p); err == nil || panicked != (n == 1) || got != nil {
					t.Errorf("%d: returned %v, %v", n, got, err)
				}
			}
		})
	})
}

// When the context ends, the function runs all the same, with the argument that it
// was given, and calls that are made meanwhile have theirs.
func TestFuncWhoseContextEnds(t *testing.T) {
	eachDesignOf(t, "virtual 2", virtual(2), func(t *testing.T, s *System) {
		late := make(chan string, 1)
		f := NewFunc(func(_ *CPU, a string) string {
			if strings.HasPrefix(a, "late") {
				late <- a
			}
			return a + "!"
		})
		callers(t, s, func(t *testing.T, k Caller) {
			for i := range 10 {
				release := block(t, s, 1)
				brief, cancel := context.WithTimeout(ctx, time.Millisecond)
				arg := fmt.Sprint("late", i)
				if got, err := f.Call(brief, k, 1, arg); !errors.Is(err, context.DeadlineExceeded) || got != "" {
					t.Errorf("returned %q, %v", got, err)
				}
				cancel()
				release()
				if got, err := f.Call(ctx, k, 1, "next"); err != nil || got != "next!" {
					t.Errorf("returned %q, %v", got, err)
				}
				select {
				case got := <-late:
					if got != arg {
						t.Errorf("ran with %q, want %q", got, arg)
					}
				case <-time.After(10 * time.Second):
					t.Fatalf("did not run with %q", arg)
				}
			}
		})
	})
}

func TestFuncOffline(t *testing.T) {
	s := open(t, virtual(2))
	must(t, s.Offline(ctx, 1))
	callers(t, s, func(t *testing.T, k Caller) {
		for _, cpu := range []int{1, 2, -1} {
			if got, err := sum32.Call(ctx, k, cpu, arg32{1}); !errors.Is(err, ErrOffline) || got != 0 {
				t.Errorf("CPU %d: returned %v, %v", cpu, got, err)
			}
		}
	})
}

func TestFuncClearsItsFrames(t *testing.T) {
	s := open(t, virtual(2))
	large := NewFunc(func(_ *CPU, a [9]string) [9]string { return a })
	for range 10 {
		_, err := large.Call(ctx, s, 1, [9]string{"a"})
		must(t, err)
		r := large.byFrame.Get().(*frame[[9]string, [9]string])
		if none := ([9]string{}); r.arg != none || r.result != none {
			t.Fatalf("a frame keeps %v and %v", r.arg, r.result)
		}
		large.byFrame.Put(r)
	}
}

// Neither the mailbox nor a frame keeps objects alive to which an argument or a
// result refers.
func TestFuncKeepsNothingAlive(t *testing.T) {
	type object struct{ _ [1 << 10]byte }
	type large struct {
		_ [8]int
		p *object
	}
	s := open(t, virtual(2))
	freed := make(chan string, 100)
	made := 0
	watched := func(what string) *object {
		o := new(object)
		runtime.AddCleanup(o, func(what string) { freed <- what }, what)
		made++
		return o
	}
	small := NewFunc(func(*CPU, *object) *object { return watched("result") })
	big := NewFunc(func(*CPU, large) large { return large{p: watched("large result")} })
	fails := NewFunc(func(*CPU, *object) int { panic("with an argument") })
	callers(t, s, func(t *testing.T, k Caller) {
		_, err := small.Call(ctx, k, 1, watched("argument"))
		must(t, err)
		_, err = small.Call(ctx, k, 1, watched("argument"))
		must(t, err)
		_, err = big.Call(ctx, k, 1, large{p: watched("large argument")})
		must(t, err)
		if _, err = fails.Call(ctx, k, 1, watched("argument of a panic")); err == nil {
			t.Error("no error")
		}
	})
	deadline := time.After(10 * time.Second)
	for n := range made {
		runtime.GC()
		select {
		case <-freed:
		case <-deadline:
			t.Fatalf("%d of %d objects freed", n, made)
		}
	}
	runtime.KeepAlive([]any{s, small, big, fails})
}

func TestNewFuncOfNil(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	NewFunc[int, int](nil)
}
