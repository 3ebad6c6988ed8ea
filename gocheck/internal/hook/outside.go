package hook

import (
	"strings"
	"sync"
	"sync/atomic"
	_ "unsafe" // for linkname

	"crosscall/gocheck/internal/sched"
)

// Goroutines that are not explored may fail the test too: those of a synctest bubble, and
// those that the standard library starts. An explored goroutine reports their failures
// when it fails the test itself or ends it.
var outside struct {
	sync.Mutex
	log    string // the last log message
	failed []string
	bubble bool // one of them is of a bubble; its failure does not depend on the schedule
}

//go:linkname strangers
func strangers() bool

// estranged says that goroutines which are not explored were there before, or were
// explored and given up.
var estranged atomic.Bool

// Strangers reports whether a goroutine that is not explored may know values of the
// executions.
func Strangers() bool { return estranged.Load() || strangers() }

// ownGoroutines are those of a process that begins to explore: package testing's and the
// test's.
const ownGoroutines = 2

func clearOutside() {
	outside.Lock()
	defer outside.Unlock()
	outside.log, outside.failed, outside.bubble = "", nil, false
}

// LogOutside and FailOutside are called by goroutines that are not explored, for Log
// and Fail of an explored test. bubble says whether the test has a bubble now.
func LogOutside(s string) {
	outside.Lock()
	defer outside.Unlock()
	outside.log = strings.TrimRight(strings.Clone(s), "\n")
}

func FailOutside(bubble bool) {
	outside.Lock()
	defer outside.Unlock()
	if outside.log != "" || len(outside.failed) == 0 {
		outside.failed = append(outside.failed, outside.log)
	}
	outside.log, outside.bubble = "", outside.bubble || bubble
}

// failOutside reports the failures of goroutines that are not explored.
func failOutside(x *sched.Explorer) {
	outside.Lock()
	failed, bubble := outside.failed, outside.bubble
	outside.failed = nil
	outside.Unlock()
	for _, text := range failed {
		if text == "" {
			text = "the test has failed"
		}
		if hasFailed = true; bubble {
			x.ErrorOutside(text)
		} else {
			x.Error(text)
		}
	}
}
