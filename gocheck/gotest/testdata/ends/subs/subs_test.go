// Package subs has subtests of all kinds.
package subs

import (
	"sync/atomic"
	"testing"
)

func TestPass(t *testing.T) {
	t.Run("a", func(t *testing.T) {
		t.Run("deep", func(t *testing.T) {})
	})
	t.Run("skipped", func(t *testing.T) { t.Skip("for a reason") })
	for _, name := range []string{"p", "q"} {
		t.Run(name, func(t *testing.T) { t.Parallel() })
	}
}

func TestFail(t *testing.T) {
	var n atomic.Int32
	go n.Store(1)
	t.Run("first", func(t *testing.T) {})
	t.Run("second", func(t *testing.T) {
		if n.Load() == 1 {
			t.Error("it is set")
		}
	})
	t.Run("third", func(t *testing.T) {})
}

func TestStuck(t *testing.T) {
	t.Run("group", func(t *testing.T) {
		t.Run("waits", func(t *testing.T) { <-make(chan int) })
	})
}
