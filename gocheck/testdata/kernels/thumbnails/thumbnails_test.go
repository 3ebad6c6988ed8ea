package thumbnails

import "testing"

func twoPictures(t *testing.T, shrink func([]int) int) {
	if got := shrink([]int{8, 20}); got != 14 {
		t.Errorf("the widths sum to %d, want 14", got)
	}
}

func TestBroken(t *testing.T) { twoPictures(t, shrinkBroken) }
func TestFixed(t *testing.T)  { twoPictures(t, shrinkFixed) }
