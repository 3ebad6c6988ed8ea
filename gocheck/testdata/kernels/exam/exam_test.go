package exam

import "testing"

func oneIllegible(t *testing.T, markAll func([]string) int) {
	if got := markAll([]string{"good", ""}); got != 4 {
		t.Errorf("the marks sum to %d, want 4", got)
	}
}

func TestBroken(t *testing.T) { oneIllegible(t, markAllBroken) }
func TestFixed(t *testing.T)  { oneIllegible(t, markAllFixed) }
