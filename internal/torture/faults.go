package torture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// faults are the errors that were found.
type faults struct {
	cancel context.CancelFunc // ends the run
	mu     sync.Mutex
	found  []error
	more   int
}

const maxFaults = 10

func (f *faults) init(cancel context.CancelFunc) { f.cancel = cancel }

func (f *faults) fail(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.found) < maxFaults {
		f.found = append(f.found, fmt.Errorf(format, args...))
	} else {
		f.more++
	}
	f.cancel()
}

func (f *faults) err() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.found
	if f.more > 0 {
		all = append(all, fmt.Errorf("and %d more", f.more))
	}
	return errors.Join(all...)
}

// watched runs f, and returns false if it hangs: nothing has happened for
// Options.Patience. A single stuck waiter is noticed once the others have
// ended. There is no limit on the duration of f.
func (r *run) watched(f func()) bool {
	done := make(chan struct{})
	go func() { defer close(done); f() }()
	last, since := r.progress.Load(), time.Now()
	for {
		select {
		case <-done:
			return true
		case <-time.After(100 * time.Millisecond):
		}
		if now := r.progress.Load(); now != last {
			last, since = now, time.Now()
		} else if time.Since(since) > r.opts.Patience {
			r.fail("nothing has happened for %v:\n%s", r.opts.Patience, allStacks())
			return false
		}
	}
}

// leaks waits until there are as many goroutines as before, as long as their
// number falls.
func (r *run) leaks(before int) {
	least, since := runtime.NumGoroutine(), time.Now()
	for least > before {
		time.Sleep(time.Millisecond)
		if n := runtime.NumGoroutine(); n < least {
			least, since = n, time.Now()
		} else if time.Since(since) > r.opts.Patience {
			r.fail("%d goroutines are left of %d before, %d of them executors:\n%s",
				least, before, bytes.Count(allStacks(), []byte("crosscall.(*CPU).main(")), allStacks())
			return
		}
	}
}

func allStacks() []byte {
	for size := 1 << 20; ; size *= 2 {
		buf := make([]byte, size)
		if n := runtime.Stack(buf, true); n < size {
			return buf[:n]
		}
	}
}
