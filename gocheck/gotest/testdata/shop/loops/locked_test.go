package loops

import (
	"bufio"
	"bytes"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A gate is polled under its lock.
type gate struct {
	mu   sync.Mutex
	rw   sync.RWMutex
	open bool
	seen int
}

func (g *gate) isOpen() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.open
}

func (g *gate) set() {
	g.mu.Lock()
	g.open = true
	g.mu.Unlock()
}

func TestRightGate(t *testing.T) {
	g := new(gate)
	go g.set()
	for !g.isOpen() {
		runtime.Gosched()
	}
}

func TestRightGateBare(t *testing.T) {
	g := new(gate)
	go g.set()
	for {
		g.mu.Lock()
		if g.open {
			g.mu.Unlock()
			break
		}
		g.mu.Unlock()
	}
}

// TestRightGates: two poll, and a third has sections of its own before.
func TestRightGates(t *testing.T) {
	g := new(gate)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for !g.isOpen() {
				runtime.Gosched()
			}
		})
	}
	g.mu.Lock()
	g.seen++
	g.mu.Unlock()
	g.set()
	wg.Wait()
}

func TestRightGateRead(t *testing.T) {
	g := new(gate)
	go func() {
		g.rw.Lock()
		g.open = true
		g.rw.Unlock()
	}()
	for {
		g.rw.RLock()
		open := g.open
		g.rw.RUnlock()
		if open {
			return
		}
	}
}

func TestRightGateSleep(t *testing.T) {
	g := new(gate)
	go func() {
		time.Sleep(10 * time.Millisecond)
		g.set()
	}()
	for !g.isOpen() {
		time.Sleep(time.Millisecond)
	}
}

// TestRightGateLate: the gate opens when the clock moves, while nobody can run.
func TestRightGateLate(t *testing.T) {
	g := new(gate)
	time.AfterFunc(time.Second, g.set)
	for !g.isOpen() {
		runtime.Gosched()
	}
}

func TestWrongGate(t *testing.T) {
	g := new(gate)
	go func() {
		g.mu.Lock()
		g.seen++
		g.mu.Unlock()
	}()
	for !g.isOpen() {
		runtime.Gosched()
	}
}

// TestWrongGates: each waits for the other.
func TestWrongGates(t *testing.T) {
	a, b := new(gate), new(gate)
	wait := func(until, then *gate) {
		for !until.isOpen() {
			runtime.Gosched()
		}
		then.set()
	}
	go wait(a, b)
	wait(b, a)
}

// TestWrongGateRace writes beside the lock.
func TestWrongGateRace(t *testing.T) {
	g := new(gate)
	n := 0
	go func() {
		g.set()
		n++
	}()
	for !g.isOpen() {
		runtime.Gosched()
	}
	n++
}

var lines *bufio.Scanner // on the heap

// TestRightLines looks at the same thing for each line: what the scanner does to itself
// within the standard library is not seen.
func TestRightLines(t *testing.T) {
	g := new(gate)
	lines = bufio.NewScanner(strings.NewReader(strings.Repeat("line\n", 9)))
	for lines.Scan() {
		if g.isOpen() {
			t.Error("open")
		}
	}
}

// TestRightLinesOf has the scanner on its stack.
func TestRightLinesOf(t *testing.T) {
	var open atomic.Bool
	lines := bufio.NewScanner(strings.NewReader(strings.Repeat("line\n", 9)))
	for lines.Scan() {
		if open.Load() {
			t.Error("open")
		}
	}
}

var size bytes.Buffer

func TestRightBuffer(t *testing.T) {
	g := new(gate)
	for size.Len() < 50 {
		g.isOpen()
		size.WriteString("line")
	}
}
