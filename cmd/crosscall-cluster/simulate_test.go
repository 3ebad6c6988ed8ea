package main

import (
	"testing"
	"time"
)

// One worker takes the time of the work and what messages cost; more take less, and never
// less than the work divided among them.
func TestSimulation(t *testing.T) {
	s := &simulation{tests: 1000, test: 50 * time.Millisecond, exploration: 10 * time.Minute, budget: time.Second,
		onWorker: time.Millisecond, onServer: time.Millisecond, onCommand: time.Millisecond}
	last := map[bool]time.Duration{}
	for _, workers := range []int{1, 2, 8, 32} {
		for _, one := range []bool{false, true} {
			work, o := time.Duration(s.tests)*s.test, s.corpus(workers)
			if one {
				work, o = s.exploration, s.explore(workers)
			}
			if least := work / time.Duration(workers); o.took < least || workers == 1 && o.took > work*105/100 {
				t.Errorf("%d workers, one exploration %v: %v, of %v", workers, one, o.took, least)
			}
			if workers > 1 && o.took >= last[one] {
				t.Errorf("%d workers, one exploration %v: %v, and fewer take %v", workers, one, o.took, last[one])
			}
			last[one] = o.took
		}
	}
}
