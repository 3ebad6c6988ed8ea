// Package counter is a goroutine that owns a number and answers requests.
package counter

type request struct {
	add    int
	answer chan int
}

type counter struct {
	requests chan request
	double   func(c *counter, n int) int
}

func newCounter(double func(c *counter, n int) int) *counter {
	c := &counter{requests: make(chan request), double: double}
	go c.serve()
	return c
}

// serve answers until the requests are closed; a request of 0 doubles the number.
func (c *counter) serve() {
	n := 0
	for r := range c.requests {
		n += r.add
		if r.add == 0 {
			n = c.double(c, n)
		}
		r.answer <- n
	}
}

func (c *counter) add(n int) int {
	r := request{n, make(chan int)}
	c.requests <- r // BUG deadlock: doubleBroken runs in the goroutine that serves, and asks itself
	return <-r.answer
}

// doubleBroken sends a request to the goroutine that it runs in.
func doubleBroken(c *counter, n int) int { return c.add(n) }

func doubleFixed(_ *counter, n int) int { return 2 * n }
