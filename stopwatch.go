package crosscall

import (
	"context"
	"reflect"
	"runtime"
	"runtime/trace"
	"time"
)

// stopwatch finds the function that ran longest. Reading the clock twice for
// every function costs as much as a call. So it is read once after each serve,
// and if that took long, the next functions are timed one by one.
type stopwatch struct {
	mark    time.Time // the clock, when it was last read
	longest time.Duration
	each    int // functions yet to be timed one by one
}

const timeEach = 1000

// ran notes that n functions have been run since mark.
func (c *CPU) ran(n int) {
	now := time.Now()
	took := now.Sub(c.mark)
	c.mark = now
	if took <= c.longest {
		return
	}
	if n == 1 {
		c.longest = took
		c.tally.noteLongest(took, c.in.Last())
	} else if c.each <= 0 {
		c.each = timeEach
		c.hook()
	}
}

// timed runs fn and times it.
func timed(c *CPU, fn func(*CPU)) {
	start := time.Now()
	defer func() {
		if took := time.Since(start); took > c.longest {
			c.longest = took
			c.tally.noteLongest(took, fn)
		}
		if c.each--; c.each == 0 { // below 0 in a batch that began before
			c.hook()
		}
	}()
	fn(c)
}

// hook chooses how functions are run: directly, timed, or as regions of a
// trace.
func (c *CPU) hook() {
	switch {
	case trace.IsEnabled():
		c.in.Trace(traceRegion)
	case c.each > 0:
		c.in.Trace(timed)
	default:
		c.in.Trace(nil)
	}
}

// traceRegion runs fn as a region of runtime/trace with the name of fn.
func traceRegion(c *CPU, fn func(*CPU)) {
	trace.WithRegion(context.Background(), funcName(fn), func() { fn(c) })
}

func funcName(fn func(*CPU)) string {
	if fn == nil {
		return ""
	}
	if f := runtime.FuncForPC(reflect.ValueOf(fn).Pointer()); f != nil {
		return f.Name()
	}
	return "unknown"
}
