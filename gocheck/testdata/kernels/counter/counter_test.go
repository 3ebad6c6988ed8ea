package counter

import "testing"

func addAndDouble(t *testing.T, double func(c *counter, n int) int) {
	c := newCounter(double)
	defer close(c.requests)
	c.add(4)
	if got := c.add(0); got != 8 {
		t.Errorf("the number is %d, want 8", got)
	}
}

func TestBroken(t *testing.T) { addAndDouble(t, doubleBroken) }
func TestFixed(t *testing.T)  { addAndDouble(t, doubleFixed) }
