package uploads

import (
	"errors"
	"testing"
)

func twoErrors(t *testing.T, all func([]func() error) error) {
	lost := errors.New("connection lost")
	fail := func() error { return lost }
	if err := all([]func() error{fail, fail}); err != lost {
		t.Errorf("the error is %v", err)
	}
}

func TestBroken(t *testing.T) { twoErrors(t, allBroken) }
func TestFixed(t *testing.T)  { twoErrors(t, allFixed) }
