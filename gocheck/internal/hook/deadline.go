package hook

import (
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"time"

	"crosscall/gocheck/internal/sched"
)

var (
	began       = time.Now()
	interrupted atomic.Bool
)

// deadline is when the exploration of a test that starts now is to end: it has a
// time of its own, and the package has one.
func deadline(start time.Time) (d time.Time) {
	if set.time > 0 {
		d = start.Add(set.time)
	}
	if end := began.Add(set.timeout); set.timeout > 0 && (d.IsZero() || end.Before(d)) {
		d = end
	}
	return d
}

// heedInterrupts has an interrupt end explorations, as a bound does: tests then say
// what was explored of them.
func heedInterrupts() {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	go func() {
		<-c
		interrupted.Store(true)
		signal.Stop(c)
	}()
}

// grace is how long after its end an exploration may still run.
const grace = 2 * time.Second

// An overrun notices that an exploration does not end when it is to: an execution
// computes without end, for instance. Nothing can stop its goroutine but the end of
// the process.
type overrun struct {
	name  string
	start time.Time
	since time.Time // the interrupt was seen; zero: none
}

func (o *overrun) check() {
	now := time.Now()
	if interrupted.Load() && o.since.IsZero() {
		o.since = now
	}
	switch d := deadline(o.start); {
	case !d.IsZero() && now.After(d.Add(grace)):
		o.exit("timeout")
	case !o.since.IsZero() && now.After(o.since.Add(grace)):
		o.exit("stopped")
	}
}

func (o *overrun) exit(reason string) {
	text := ""
	if x := sched.Active(); x != nil {
		s := x.Stats()
		text = fmt.Sprintf(": %d executions, %d blocked, %d steps", s.Executions, s.Blocked, s.Steps)
	}
	fmt.Printf("--- FAIL: %s (%.2fs)\n    incomplete: %s, in an execution that does not end%s\nFAIL\n",
		o.name, time.Since(o.start).Seconds(), reason, text)
	os.Exit(1)
}
