package latch

import (
	"sync"
	"testing"
)

func waitAndRelease(t *testing.T, release func(*latch)) {
	l := newLatch()
	var wg sync.WaitGroup
	wg.Go(l.wait)
	wg.Go(func() { release(l) })
	wg.Wait()
	if !l.set.Load() {
		t.Error("the latch is not set")
	}
}

func TestBroken(t *testing.T) { waitAndRelease(t, (*latch).releaseBroken) }
func TestFixed(t *testing.T)  { waitAndRelease(t, (*latch).releaseFixed) }
