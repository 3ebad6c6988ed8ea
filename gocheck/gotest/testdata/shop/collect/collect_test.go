// Package collect has tests in which garbage is collected.
package collect

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// each runs n goroutines that take a lock in turn.
func each(n int, f func()) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			mu.Lock()
			defer mu.Unlock()
			f()
		})
	}
	wg.Wait()
}

func TestRightCollect(t *testing.T) {
	runtime.GC()
	each(3, runtime.GC)
}

func TestRightGarbage(t *testing.T) {
	var kept []byte
	each(2, func() {
		for range 20 {
			kept = make([]byte, 1<<20)
		}
	})
	if len(kept) != 1<<20 {
		t.Fatal(len(kept))
	}
}

// TestRightFormat uses the pool of package fmt.
func TestRightFormat(t *testing.T) {
	var texts []string
	each(4, func() {
		texts = append(texts, fmt.Sprint(len(texts)))
	})
	t.Log(texts)
}

func TestRightFinalizer(t *testing.T) {
	for range 3 {
		p := new([64]byte)
		runtime.SetFinalizer(p, func(p *[64]byte) { p[0]++ })
	}
	each(2, runtime.GC)
}

func TestWrongCollect(t *testing.T) {
	n := 0
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			runtime.GC()
			n++
		})
	}
	wg.Wait()
}
