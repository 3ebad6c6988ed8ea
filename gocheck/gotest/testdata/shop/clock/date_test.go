package clock

import (
	"testing"
	"time"
)

var loaded = time.Now()

// The clock has a present date: programs count from years like 2014, and check certificates.
func TestRightDate(t *testing.T) {
	if d := time.Since(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); d < 0 {
		t.Errorf("it is %v before 2026", -d)
	}
	if d := time.Since(loaded); d < 0 || d > time.Second {
		t.Errorf("the variables were initialized %v ago", d)
	}
}
