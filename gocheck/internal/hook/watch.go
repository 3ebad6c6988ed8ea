package hook

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"time"

	"crosscall/gocheck/internal/report"
	"crosscall/gocheck/internal/sched"
)

// An explored goroutine may wait for an event outside of the exploration that happens soon,
// so it gets some time.
const (
	glance   = 50 * time.Millisecond
	patience = 20 // checks
)

// watch gives up executions whose running goroutine is really blocked, because no other
// goroutine would run. When stop has returned, watch does not end the process any more,
// because another test may run.
func watch(late *overrun) (stop func()) {
	var mu sync.Mutex
	stopped := false
	check := func() bool {
		mu.Lock()
		defer mu.Unlock()
		if !stopped {
			late.check()
		}
		return !stopped
	}
	go func() {
		var last [2]uint64
		same := 0
		for {
			time.Sleep(glance)
			if !check() {
				return
			}
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
				estranged.Store(true)
				go func() { x.Abandon(text) }()
			}
			same = 0
		}
	}()
	return func() {
		mu.Lock()
		defer mu.Unlock()
		stopped = true
	}
}

// blockedIn is the function of the standard library in which goroutine id
// waits, and the place of its call.
func blockedIn(id uint64) string { return outermost(stackOf(id)) }

// computesIn is the place of the program where goroutine id is.
func computesIn(id uint64) string {
	lines := stackOf(id)
	for i := 0; i+1 < len(lines); i += 2 {
		if !isOfStandard(lines[i]) {
			return placeIn(lines[i+1])
		}
	}
	return "a place that is not known"
}

// stackOf is the stack of goroutine id: lines of a function and its place, in turn.
func stackOf(id uint64) []string {
	for text := range bytes.SplitSeq(dump(true), []byte("\n\n")) {
		if bytes.HasPrefix(text, fmt.Appendf(nil, "goroutine %d ", id)) {
			return strings.Split(string(text), "\n")[1:]
		}
	}
	return nil
}

// functionIn is the function of a line of a stack.
func functionIn(line string) string {
	if i := strings.LastIndexByte(line, '('); i > 0 {
		return line[:i]
	}
	return line
}

func isOfStandard(line string) bool { return standard[packageOf(functionIn(line))] }

func placeIn(line string) string {
	at, _, _ := strings.Cut(strings.TrimSpace(line), " ")
	return report.ShortPlace(at)
}

// outermost looks through a stack.
func outermost(lines []string) string {
	last := "a function"
	for i := 0; i+1 < len(lines); i += 2 {
		name := functionIn(lines[i])
		if isMachinery(name) {
			return last // a goroutine of the standard library, that the program has started
		}
		if !standard[packageOf(name)] {
			return last + " at " + placeIn(lines[i+1])
		}
		last = name
	}
	return last
}
