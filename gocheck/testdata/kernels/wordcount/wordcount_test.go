package wordcount

import "testing"

func count(t *testing.T, source func([]string) <-chan string) {
	sum := 0
	for n := range lengths(source([]string{"a", "bcd"})) {
		sum += n
	}
	if sum != 4 {
		t.Errorf("the sum is %d, want 4", sum)
	}
}

func TestBroken(t *testing.T) { count(t, sourceBroken) }
func TestFixed(t *testing.T)  { count(t, sourceFixed) }
