package gauges

import (
	"sync"
	"testing"
)

func setAndGet(t *testing.T, get func(g *gauges, name string) int) {
	g := &gauges{values: map[string]int{"heat": 1}}
	var wg sync.WaitGroup
	wg.Go(func() { g.set("heat", 2) })
	wg.Go(func() {
		if v := get(g, "heat"); v != 1 && v != 2 {
			t.Errorf("the value is %d", v)
		}
	})
	wg.Wait()
}

func TestBroken(t *testing.T) { setAndGet(t, (*gauges).getBroken) }
func TestFixed(t *testing.T)  { setAndGet(t, (*gauges).getFixed) }
