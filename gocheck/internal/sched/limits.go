package sched

import "time"

// limits are what ends an exploration from outside: a time, and a request. Executions have
// limits of their own (see isTooLong).
type limits struct {
	deadline time.Time   // zero: none
	stop     func() bool // nil: there is no request
	work     int         // since the last look
}

// much is how much work may be done between two looks at the clock. A step is work of 1.
const much = 64

// The reasons with which limits end an exploration.
const (
	timeout = "timeout"
	stopped = "stopped"
)

// did notes that n was worked.
func (l *limits) did(n int) { l.work += n }

// after notes that n was worked, and returns the reason why the exploration has to end, if it
// has to. It looks at the clock now and then.
func (l *limits) after(n int) (reason string) {
	if l.work += n; l.work < much {
		return ""
	}
	return l.look()
}

func (l *limits) look() (reason string) {
	l.work = 0
	switch {
	case !l.deadline.IsZero() && time.Now().After(l.deadline):
		return timeout
	case l.stop != nil && l.stop():
		return stopped
	}
	return ""
}
