package harvest

import "testing"

func twoFields(t *testing.T, total func(*harvest, []int) int) {
	var h harvest
	if got := total(&h, []int{3, 4}); got != 7 {
		t.Errorf("the weight is %d, want 7", got) // BUG assertion: Wait came before the Add in a goroutine, and returned at once
	}
}

func TestBroken(t *testing.T) { twoFields(t, (*harvest).totalBroken) }
func TestFixed(t *testing.T)  { twoFields(t, (*harvest).totalFixed) }
