package scores

import "testing"

func inParallel(t *testing.T, add func(s *scores, n int)) {
	var s scores
	t.Cleanup(func() {
		if s.points != 7 {
			t.Errorf("%d points, want 7", s.points)
		}
	})
	for name, n := range map[string]int{"first": 3, "second": 4} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			add(&s, n)
		})
	}
}

func TestBroken(t *testing.T) { inParallel(t, (*scores).addBroken) }
func TestFixed(t *testing.T)  { inParallel(t, (*scores).addFixed) }
