package asks

import (
	"strings"
	"testing"
)

// TestRightFrames: each stack has a frame above the line with the creator, also that of a
// goroutine whose function has returned.
func TestRightFrames(t *testing.T) {
	done := make(chan bool)
	go func() { close(done) }()
	<-done
	for _, s := range all() {
		lines := strings.Split(s, "\n")
		if len(lines) < 3 || strings.HasPrefix(lines[1], "created by ") || !strings.HasPrefix(lines[2], "\t") {
			t.Errorf("no frame: %q", s)
		}
	}
}
