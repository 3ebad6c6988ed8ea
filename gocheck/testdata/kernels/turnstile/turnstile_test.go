package turnstile

import (
	"sync"
	"testing"
)

func passAndLook(t *testing.T, total func(*turnstile) int64) {
	var s turnstile
	var wg sync.WaitGroup
	wg.Go(s.pass)
	if n := total(&s); n > 1 {
		t.Errorf("%d visitors, want at most 1", n)
	}
	wg.Wait()
}

func TestBroken(t *testing.T) { passAndLook(t, (*turnstile).totalBroken) }
func TestFixed(t *testing.T)  { passAndLook(t, (*turnstile).totalFixed) }
