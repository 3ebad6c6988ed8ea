package scanner

import "testing"

func oneEmpty(t *testing.T, scan func([]int) int) {
	if got := scan([]int{2, 0, 5}); got != 7 {
		t.Errorf("the sum is %d, want 7", got)
	}
}

func TestBroken(t *testing.T) { oneEmpty(t, scanBroken) }
func TestFixed(t *testing.T)  { oneEmpty(t, scanFixed) }
