package hook

import (
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"crosscall/gocheck/internal/report"
	"crosscall/gocheck/internal/sched"
)

// An explored goroutine that waits for something outside of the exploration may get it soon:
// it is given some time.
const (
	glance   = 50 * time.Millisecond
	patience = 20 // glances
)

// watch gives up executions whose goroutine really waits: nobody else would run.
func watch(name string) (stop func()) {
	var stopped atomic.Bool
	late := &overrun{name: name, start: time.Now()}
	go func() {
		var last [2]uint64
		same := 0
		for !stopped.Load() {
			time.Sleep(glance)
			late.check()
			id, count, reason := blocked()
			if id == 0 || last != [2]uint64{id, count} {
				last, same = [2]uint64{id, count}, 0
				continue
			}
			if same++; same < patience {
				continue
			}
			text := fmt.Sprintf("blocks in %s, which is not explored (%s)", blockedIn(id), reason)
			if x := sched.Active(); x != nil && disown(id, count) {
				go func() { x.Abandon(text) }()
			}
			same = 0
		}
	}()
	return func() { stopped.Store(true) }
}

// blockedIn is the function of the standard library that goroutine id waits in,
// and where it was called.
func blockedIn(id uint64) string {
	buf := make([]byte, 1<<20)
	buf = buf[:runtime.Stack(buf, true)]
	for block := range strings.SplitSeq(string(buf), "\n\n") {
		if strings.HasPrefix(block, fmt.Sprintf("goroutine %d ", id)) {
			return outermost(strings.Split(block, "\n")[1:])
		}
	}
	return "a function"
}

// outermost looks through a stack: lines of a function and its place, in turn.
func outermost(lines []string) string {
	last := "a function"
	for i := 0; i+1 < len(lines); i += 2 {
		name := lines[i]
		if j := strings.LastIndexByte(name, '('); j > 0 {
			name = name[:j]
		}
		if isMachinery(name) {
			return last // a goroutine of the standard library, that the program has started
		}
		if !standard[packageOf(name)] {
			at, _, _ := strings.Cut(strings.TrimSpace(lines[i+1]), " ")
			return last + " at " + report.ShortPlace(at)
		}
		last = name
	}
	return last
}
