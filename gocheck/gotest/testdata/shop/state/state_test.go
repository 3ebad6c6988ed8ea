package state

import (
	"sync"
	"testing"
)

var once sync.Once

func TestRightState(t *testing.T) {
	if *verbose || len(seen) != 0 || total != 5 || names != nil || root.n != 7 || list[1] != 2 || len(queue) != 0 || started != 1 {
		t.Fatalf("left by another execution: %v %v %v %v %v %v %v", seen, total, names, root.n, list, len(queue), started)
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, name := range []string{"ann", "bob"} {
		wg.Go(func() {
			once.Do(func() { total++ })
			mu.Lock()
			defer mu.Unlock()
			seen[name]++
			names = append(names, name)
			root.n++
			list[1]++
			queue <- 1
		})
	}
	wg.Wait()
}
