package courier

import "testing"

func oneLost(t *testing.T, deliver func(c *courier, ok bool)) {
	var c courier
	for _, ok := range []bool{true, false} {
		c.open.Add(1)
		go deliver(&c, ok)
	}
	c.open.Wait()
	if c.failed != 1 {
		t.Errorf("%d deliveries failed, want 1", c.failed)
	}
}

func TestBroken(t *testing.T) { oneLost(t, (*courier).deliverBroken) }
func TestFixed(t *testing.T)  { oneLost(t, (*courier).deliverFixed) }
