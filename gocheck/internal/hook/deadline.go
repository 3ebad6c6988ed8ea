package hook

import (
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"time"

	"crosscall/gocheck/internal/report"
	"crosscall/gocheck/internal/sched"
)

var (
	began       = time.Now()
	interrupted atomic.Bool
)

// deadline is when the exploration of a test that starts now must end. There is
// a limit for each test, and one for the package.
func deadline(start time.Time) (d time.Time) {
	if set.time > 0 {
		d = start.Add(set.time)
	}
	if end := began.Add(set.timeout); set.timeout > 0 && (d.IsZero() || end.Before(d)) {
		d = end
	}
	return d
}

// signals has the interrupt that has not been checked for yet. No goroutine waits for it,
// because tests may count the program's goroutines.
var signals = make(chan os.Signal, 1)

func heedInterrupts() { signal.Notify(signals, os.Interrupt) }

// isInterrupted reports an interrupt, which ends explorations as a bound does:
// tests then report how much was explored. The next interrupt ends the process.
func isInterrupted() bool {
	select {
	case <-signals:
		interrupted.Store(true)
		signal.Stop(signals)
	default:
	}
	return interrupted.Load()
}

// grace is how long an exploration may run beyond its deadline. longStep is how long a
// goroutine may compute without an operation that the explorer sees.
const (
	grace    = 2 * time.Second
	longStep = 10 * time.Second
)

// An overrun notices that an exploration does not end at its deadline, for example
// because an execution computes without end. Only the end of the process can stop
// its goroutine. The command then runs the remaining tests in another process.
type overrun struct {
	name  string
	start time.Time
	since time.Time // the interrupt was seen; zero: none

	failing atomic.Bool // the failure that was found is run again, for which there is no time limit

	id, count uint64 // of the goroutine that is explored, and its operations
	still     int    // how many times in a row these were unchanged
}

func (o *overrun) check() {
	if set.replay != nil {
		return // it may be under a debugger, which stops it for long
	}
	now := time.Now()
	if isInterrupted() && o.since.IsZero() {
		o.since = now
	}
	id, count := running()
	if id == 0 || id != o.id || count != o.count {
		o.id, o.count, o.still = id, count, 0
	}
	o.still++
	switch d := deadline(o.start); {
	case o.failing.Load():
	case !d.IsZero() && now.After(d.Add(grace)):
		o.exit("timeout, in an execution that does not end")
	case !o.since.IsZero() && now.After(o.since.Add(grace)):
		o.exit("stopped, in an execution that does not end")
	}
	if id != 0 && o.still > int(longStep/glance) {
		o.exit(fmt.Sprintf("a goroutine computes for %v without an operation that is explored", longStep))
	}
}

// exit ends the process. The test's result is in the record.
func (o *overrun) exit(reason string) {
	r := &report.Result{Test: o.name, Verdict: "incomplete", Reason: reason}
	if id, _ := running(); id != 0 {
		r.Reason += ": " + computesIn(id)
	}
	if x := sched.Active(); x != nil {
		s := x.Stats()
		r.Executions, r.Blocked, r.Steps = s.Executions, s.Blocked, s.Steps
	}
	if err := record(r); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(2)
}
