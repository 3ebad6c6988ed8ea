package hook

import (
	"time"
	_ "unsafe" // for go:linkname
)

//go:linkname freeze
func freeze() (stopped, awake int)

var (
	hasStopped bool // stopStrangers was called
	hasFrozen  bool // it has stopped goroutines
)

// stopStrangers does what has to be done about them once in a process.
func stopStrangers() {
	if !hasStopped {
		hasStopped = true
		classify()
		freezeStrangers()
	}
}

// freezeStrangers stops the goroutines that init functions have started before the
// exploration. Each execution has its own; these would use package variables while they are
// reset, which can end the process. Those of a TestMain go on, because tests may need them.
func freezeStrangers() {
	if set.testMain {
		return
	}
	for range 100 {
		stopped, awake := freeze()
		if hasFrozen = stopped > 0; awake == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
