package flight

import (
	"sync"
	"testing"
)

func failingLoad(t *testing.T, get func(*flight, func() (int, error)) (int, error)) {
	var f flight
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			if _, err := get(&f, func() (int, error) { return 0, errLoad }); err != errLoad {
				t.Errorf("the error is %v", err)
			}
		})
	}
	wg.Wait()
}

func TestBroken(t *testing.T) { failingLoad(t, (*flight).getBroken) }
func TestFixed(t *testing.T)  { failingLoad(t, (*flight).getFixed) }
