//go:build !linux

package poller

import (
	"errors"
	"testing"
)

func TestUnsupported(t *testing.T) {
	if _, err := New(); !errors.Is(err, errors.ErrUnsupported) {
		t.Error(err)
	}
}
