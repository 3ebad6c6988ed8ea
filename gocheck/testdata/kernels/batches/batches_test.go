package batches

import (
	"sync/atomic"
	"testing"
)

func twoItems(t *testing.T, run func([]func())) {
	var n atomic.Int32
	item := func() { n.Add(1) }
	run([]func(){item, item})
	if n.Load() != 2 {
		t.Errorf("%d items ran, want 2", n.Load())
	}
}

func TestBroken(t *testing.T) { twoItems(t, runBroken) }
func TestFixed(t *testing.T)  { twoItems(t, runFixed) }
