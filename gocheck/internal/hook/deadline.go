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

// signals has the interrupt that nobody has looked for yet. No goroutine waits for it: it
// would be one more than the program has, which its tests may count.
var signals = make(chan os.Signal, 1)

func heedInterrupts() { signal.Notify(signals, os.Interrupt) }

// isInterrupted has an interrupt end explorations, as a bound does: tests then say
// what was explored of them. The next interrupt ends the process.
func isInterrupted() bool {
	select {
	case <-signals:
		interrupted.Store(true)
		signal.Stop(signals)
	default:
	}
	return interrupted.Load()
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
	if isInterrupted() && o.since.IsZero() {
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
