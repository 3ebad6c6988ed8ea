//go:build !linux

package topology

import (
	"errors"
	"testing"
)

func TestUnsupported(t *testing.T) {
	if err := Pin(0); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("Pin(0) = %v, want ErrUnsupported", err)
	}
	if _, err := PinnedTo(ThreadID()); !errors.Is(err, errors.ErrUnsupported) {
		t.Errorf("PinnedTo = %v, want ErrUnsupported", err)
	}
	if cpu := Current(); cpu != -1 {
		t.Errorf("Current() = %d, want -1", cpu)
	}
}
