//go:build unix

// Package signal has a test that is interrupted.
package signal

import (
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// TestWrongInterrupted has more executions than any time is enough for.
func TestWrongInterrupted(t *testing.T) {
	const sent = "SHOP_INTERRUPTED" // variables are put back, the environment is not
	if os.Getenv(sent) == "" {
		os.Setenv(sent, "yes")
		syscall.Kill(os.Getpid(), syscall.SIGINT)
	}
	var n [2]atomic.Int32
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			n[1].Store(n[0].Add(1))
		})
	}
	wg.Wait()
}
