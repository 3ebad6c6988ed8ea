package backup

import (
	"errors"
	"testing"
)

func oneFails(t *testing.T, backup func([]func() error) error) {
	full := errors.New("disk full")
	err := backup([]func() error{
		func() error { return full },
		func() error { return full },
	})
	if err != full {
		t.Errorf("the error is %v", err)
	}
}

func TestBroken(t *testing.T) { oneFails(t, copyBroken) }
func TestFixed(t *testing.T)  { oneFails(t, copyFixed) }
