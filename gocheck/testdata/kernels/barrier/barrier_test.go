package barrier

import (
	"sync"
	"testing"
)

func twoRounds(t *testing.T, await func(*barrier)) {
	b := newBarrier(2)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			await(b)
			await(b)
		})
	}
	wg.Wait()
	if b.come != 0 {
		t.Errorf("%d wait still", b.come)
	}
}

func TestBroken(t *testing.T) { twoRounds(t, (*barrier).awaitBroken) }
func TestFixed(t *testing.T)  { twoRounds(t, (*barrier).awaitFixed) }
