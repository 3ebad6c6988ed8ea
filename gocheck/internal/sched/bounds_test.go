package sched

import (
	"testing"
	"time"
)

// An exploration ends at its deadline, also in the middle of its first
// execution.
func TestEndsInTime(t *testing.T) {
	body := func() {
		x := Active()
		var h Header
		for range 10_000 {
			x.Enter(&h, "word", Add)
			x.Changed(true)
		}
	}
	stop := func() bool { return true }
	for want, cfg := range map[string]Config{
		"timeout": {Deadline: time.Now().Add(-time.Hour), Preemptions: -1},
		"stopped": {Stop: stop, Preemptions: -1},
	} {
		s, found, reason := Explore(cfg, body)
		if found != nil || reason != want || s.Executions != 0 || s.Steps > much {
			t.Errorf("%+v, %v, %q, want %q", s, found, reason, want)
		}
	}
}

// The execution that fails is run once more, to be recorded, even after the
// deadline.
func TestFailureInTime(t *testing.T) {
	looks := 0
	cfg := Config{Preemptions: -1, Stop: func() bool { looks++; return looks > 1 }}
	_, found, _ := Explore(cfg, func() {
		x := Active()
		var h Header
		for range 3 * much / 2 {
			x.Enter(&h, "word", Add)
			x.Changed(true)
		}
		x.Error("failed")
	})
	if found == nil || found.Kind != Assertion || len(found.Steps) < much {
		t.Errorf("%+v", found)
	}
}
