package encoder

import (
	"sync"
	"testing"
)

func twoDigits(t *testing.T, encode func(e *encoder, digit byte) []byte) {
	e := newEncoder()
	var wg sync.WaitGroup
	for digit := range byte(2) {
		wg.Go(func() {
			if got := encode(e, digit); got[0] != '0'+digit {
				t.Errorf("digit %d is encoded as %q", digit, got)
			}
		})
	}
	wg.Wait()
}

func TestBroken(t *testing.T) { twoDigits(t, (*encoder).encodeBroken) }
func TestFixed(t *testing.T)  { twoDigits(t, (*encoder).encodeFixed) }
