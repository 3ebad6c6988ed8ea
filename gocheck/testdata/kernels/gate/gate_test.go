package gate

import (
	"sync"
	"testing"
)

func passAndOpen(t *testing.T, pass func(*gate)) {
	g := newGate()
	var wg sync.WaitGroup
	wg.Go(func() { pass(g) })
	wg.Go(g.unlock)
	wg.Wait()
	if !g.open {
		t.Error("the gate is shut")
	}
}

func TestBroken(t *testing.T) { passAndOpen(t, (*gate).passBroken) }
func TestFixed(t *testing.T)  { passAndOpen(t, (*gate).passFixed) }
