package sched

import (
	"testing"
	"time"
)

// The clock is read once in so much work, and the deadline precedes the request.
func TestLimits(t *testing.T) {
	looks := 0
	l := limits{stop: func() bool { looks++; return looks == 2 }}
	for n := 1; ; n++ {
		if reason := l.after(1); reason != "" {
			if n != 2*much || reason != stopped {
				t.Errorf("%q after %d", reason, n)
			}
			break
		}
	}
	l.did(much - 1)
	l.deadline = time.Now().Add(-time.Second)
	if reason := l.after(0); reason != "" {
		t.Errorf("%q before it is time to look", reason)
	}
	if reason := l.after(1); reason != timeout || looks != 2 {
		t.Errorf("%q, %d looks", reason, looks)
	}
	if reason := (&limits{}).after(much); reason != "" {
		t.Errorf("%q without limits", reason)
	}
}
