// Package ends has tests that end their process, and others, which run all the same.
package ends

import (
	"os"
	"runtime/debug"
	"sync/atomic"
	"testing"
)

func TestFirst(t *testing.T) {}

// TestExit ends the process if the goroutine is faster.
func TestExit(t *testing.T) {
	var n atomic.Int32
	go n.Store(1)
	if n.Load() == 1 {
		os.Exit(3)
	}
}

func down(n int) int { return down(n+1) + n }

// TestOverflow has the runtime end the process.
func TestOverflow(t *testing.T) {
	debug.SetMaxStack(1 << 20)
	t.Log(down(0))
}

func TestMiddle(t *testing.T) { t.Error("middle fails") }

// TestEndless computes without end.
func TestEndless(t *testing.T) {
	for n := uint(1); ; n *= 3 {
		if n == 0 {
			t.Log("odd times odd is even")
		}
	}
}

func TestLast(t *testing.T) {}
