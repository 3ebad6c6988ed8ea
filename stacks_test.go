package crosscall

import (
	"context"
	"fmt"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
)

// externalOf parks n goroutines, at many depths, until the test ends.
func externalOf(t *testing.T, n int) {
	hold := make(chan struct{})
	var wg, parked sync.WaitGroup
	parked.Add(n)
	for i := range n {
		wg.Go(func() { deeply(i%50, func() { parked.Done(); <-hold }) })
	}
	parked.Wait()
	t.Cleanup(func() { close(hold); wg.Wait() })
}

func deeply(depth int, f func()) {
	if depth == 0 {
		f()
		return
	}
	deeply(depth-1, f)
}

// A report names the right function among 1,000 goroutines, even if that
// function has changed the labels by which its executor is found.
func TestStallFindsTheExecutor(t *testing.T) {
	externalOf(t, 1000)
	relabel := func(f func()) {
		pprof.Do(context.Background(), pprof.Labels("request", "7"), func(context.Context) { f() })
	}
	for name, with := range map[string]func(f func()){
		"plain":           func(f func()) { f() },
		"labels replaced": relabel,
		"labels removed": func(f func()) {
			pprof.SetGoroutineLabels(context.Background())
			f()
		},
		"goroutines started": func(f func()) {
			hold := make(chan struct{})
			var wg sync.WaitGroup
			defer wg.Wait()
			defer close(hold)
			for range 10 {
				wg.Go(func() { deeply(200, func() { <-hold }) }) // with the executor's labels
			}
			f()
		},
		"deep":                     func(f func()) { deeply(300, f) },
		"deep within another wait": func(f func()) { deeply(100, f) },
	} {
		t.Run(name, func(t *testing.T) {
			s, reports := stalls(t, virtual(3))
			other := open(t, virtual(3)) // its executors have the same numbers
			must(t, other.Call(ctx, 1, nop))
			running, release := make(chan struct{}), make(chan struct{})
			stuck := func(*CPU) {
				with(func() {
					close(running)
					<-release
				})
			}
			hold(t, s, 1, stuck, running, true)
			waits := goes(func() error { return s.Call(ctx, 1, nop) })
			got := report(reports, 1, -1, funcName(nop))
			close(release)
			must(t, <-waits)
			want := funcName(stuck)
			if name == "deep" { // too deep for its outermost frames to be known
				want = "crosscall.deeply"
			}
			if got.Running != want {
				t.Errorf("runs %q, want %q\n%s", got.Running, want, got.Stack)
			}
		})
	}
}

// An executor has its label again when it has slept since a function replaced it.
func TestExecutorLabelsItselfAgain(t *testing.T) {
	limit(t)
	s := open(t, virtual(3))
	for _, cpu := range []int{1, 2} {
		on(t, s, cpu, func(*CPU) { pprof.SetGoroutineLabels(context.Background()) })
	}
	until(t, "all executors are labelled", func() bool { return len(s.missing(s.executorStacks())) == 0 })
}

// If two executors have lost their labels, the report has no stack, because it
// might be the wrong one.
func TestStallOfAnExecutorThatIsNotFound(t *testing.T) {
	s, reports := stalls(t, virtual(3))
	var begun sync.WaitGroup
	begun.Add(2)
	release := make(chan struct{})
	stuck := func(*CPU) {
		pprof.SetGoroutineLabels(context.Background())
		begun.Done()
		<-release
	}
	must(t, s.Post(1, stuck))
	must(t, s.Post(2, stuck))
	begun.Wait()
	waits := goes(func() error { return s.Call(ctx, 1, nop) })
	got := report(reports, 1, -1, funcName(nop))
	close(release)
	must(t, <-waits)
	if got.Stack != nil || got.Running != "" {
		t.Errorf("runs %q\n%s", got.Running, got.Stack)
	}
	if text := got.String(); !strings.Contains(text, "its stack was not found") {
		t.Errorf("%q does not say that the stack was not found", text)
	}
}

// The parser gets the profile in pieces of any size.
func TestProfileParser(t *testing.T) {
	const profile = `goroutine profile: total 7
2 @ 0x1 0x2
#	0x1	crosscall.(*CPU).main+0x1	/src/cpu.go:1

1 @ 0x3 0x4
# labels: {"a":"\"crosscall.cpu\":\"no\"", "crosscall.cpu":"system 1, CPU 0"}
#	0x3			main.work[...].func1+0x3		/src/a dir/main.go:3
#	0x4
#	0x5	crosscall/internal/callqueue.(*Inbox[...]).invoke+0x5	/src/inbox.go:5

1 @ 0x6
# labels: {"crosscall.cpu":"system 1, CPU 0"}
#	0x6	main.started+0x6	/src/main.go:6

`
	for size := 1; size <= len(profile); size += 7 {
		var p profileParser
		for rest := profile; rest != ""; {
			n := min(size, len(rest))
			_, _ = p.Write([]byte(rest[:n]))
			rest = rest[n:]
		}
		if len(p.executors) != 2 || len(p.others) != 0 {
			t.Fatalf("in pieces of %d: %d executors, %d others", size, len(p.executors), len(p.others))
		}
		first, second := p.executors[0], p.executors[1]
		if got, want := fmt.Sprint(first.count, first.label), "2"; got != want {
			t.Errorf("in pieces of %d: %q, want %q", size, got, want)
		}
		const stack = "main.work[...].func1\n\t/src/a dir/main.go:3\n" +
			"crosscall/internal/callqueue.(*Inbox[...]).invoke\n\t/src/inbox.go:5\n"
		if second.label != "system 1, CPU 0" || string(second.stack) != stack {
			t.Errorf("in pieces of %d: label %q, stack\n%s", size, second.label, second.stack)
		}
		if got := runningIn(second.stack); got != "main.work[...].func1" {
			t.Errorf("runs %q", got)
		}
	}
}
