// Package daemon has a goroutine that init starts, as some loggers have one that flushes.
package daemon

import (
	"sync"
	"testing"
	"time"
)

var (
	mu  sync.Mutex
	sum int
)

// compute takes some time, without memory.
func compute() (sum int) {
	for i := range 200_000 {
		sum += i * i
	}
	return sum
}

func init() {
	go func() {
		for range time.Tick(time.Millisecond) {
			mu.Lock()
			sum += compute()
			mu.Unlock()
		}
	}()
}

// TestRightDaemon: the daemon of the process does not unlock what is reset.
func TestRightDaemon(t *testing.T) {
	var n int
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			mu.Lock()
			n++
			mu.Unlock()
		})
	}
	wg.Wait()
	if n != 6 {
		t.Error(n)
	}
}
