package bench

import (
	"testing"
	"time"
)

// A sample has the requested number of observations, and leaves no idle
// function behind: the CPUs sleep again.
func TestFenceIdleLeavesTheCPUsAsleep(t *testing.T) {
	s := newSite(usable(t))
	for name, open := range map[string]func(*site) (probe, error){
		"returns": openFenceIdle(idleReturns),
		"stays":   openFenceIdle(idleStays),
	} {
		p, err := open(s)
		if err != nil {
			t.Fatal(err)
		}
		observed, err := p.sample(t.Context(), 2)
		if err != nil || len(observed) != 2 {
			t.Errorf("%s: observed %v, %v", name, observed, err)
		}
		f := p.(*fenceIdle)
		for giveUp := time.Now().Add(10 * time.Second); !f.asleep(); time.Sleep(time.Millisecond) {
			if time.Now().After(giveUp) {
				t.Fatalf("%s: a CPU does not sleep: %+v", name, f.sys.Stats().CPUs)
			}
		}
		p.close()
	}
}
