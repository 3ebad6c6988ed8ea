package hook

import (
	"os"
	"strconv"
	"strings"
	"time"
	"unsafe"

	"crosscall/gocheck/internal/report"
	"crosscall/gocheck/internal/sched"
)

// Variable is the environment variable with the settings, as name=value pairs
// with Separator in between.
const (
	Variable  = "CROSSCALL_GOTEST"
	Separator = "\x1f"
)

type settings struct {
	on         bool
	config     sched.Config
	epoch      int64 // the date at which clocks begin
	time       time.Duration
	timeout    time.Duration // of the whole package
	bothTimers bool
	incomplete bool
	replay     *sched.Schedule
	pkg        string
	spans      string // the file with the memory of package variables
	testMain   bool
	show       report.Options
	results    string        // the file for the results of tests
	subtests   string        // the part of -run that is for subtests
	claims     string        // the folder in which processes note the tests that they run
	helps      bool          // this is the second process, which only helps the first
	shareAfter time.Duration // a test is shared with another process when it has taken so long; 0: never
	assists    int           // this is that process, for the test with this number
	flags      string        // flags of the command that a replay needs
	args       string        // arguments of the test itself
}

var set = readSettings(takeVariable())

// takeVariable reads Variable and removes it, so that a process that a test
// starts, which may be the test binary again, is not explored.
func takeVariable() string {
	text := os.Getenv(Variable)
	os.Unsetenv(Variable)
	return text
}

func readSettings(text string) (s settings) {
	s.on = text != ""
	s.config.Preemptions = -1
	s.config.MaxSteps = 20_000
	s.config.Shrink, s.config.Late = true, true
	for pair := range strings.SplitSeq(text, Separator) {
		name, value, _ := strings.Cut(pair, "=")
		n, _ := strconv.ParseInt(value, 10, 64)
		switch name {
		case "steps":
			s.config.MaxSteps = int(n)
		case "executions":
			s.config.MaxExecutions = n
		case "preemptions":
			s.config.Preemptions = int(n)
		case "walks":
			s.config.Random, s.config.MaxExecutions = true, n
		case "seed":
			s.config.Seed = uint64(n)
		case "epoch":
			s.epoch = n
		case "time":
			s.time = time.Duration(n)
		case "timeout":
			s.timeout = time.Duration(n)
		case "incomplete":
			s.incomplete = true
		case "spans":
			s.spans = value
		case "timers":
			s.config.TimersAnyTime = value == "any"
			s.bothTimers = value == "both"
		case "noraces":
			s.config.NoRaces = true
		case "noleaks":
			s.config.NoLeaks = true
		case "timedleaks":
			s.config.TimedLeaks = true
		case "testmain":
			s.testMain = true
		case "package":
			s.pkg = value
		case "full":
			s.show.Full = true
		case "results":
			s.results = value
		case "subtests":
			s.subtests = value
		case "claims":
			s.claims = value
		case "helps":
			s.helps = true
		case "share":
			s.shareAfter = time.Duration(n)
		case "assists":
			s.assists = int(n)
		case "flags":
			s.flags = value
		case "args":
			s.args = value
		case "replay":
			s.replay, _ = sched.ParseSchedule(value)
		}
	}
	s.config.MaxAlone = 50 * s.config.MaxSteps
	s.config.MaxClock = testTime
	s.config.RacedOnly = !s.show.Full
	return s
}

// testTime is how long a test may take by its own clock: as long as go test lets one take,
// if its flags do not say otherwise.
const testTime = 10 * time.Minute

// Enabled reports whether tests are explored.
func Enabled() bool { return set.on }

func init() {
	operations[crosscallTestLog] = testLog
	operations[crosscallTestFail] = testFail
	operations[crosscallTestBegin] = testBegin
	operations[crosscallTestUse] = testUse
	operations[crosscallTestEnd] = testEnd
	operations[crosscallExit] = func(x *sched.Explorer, _ unsafe.Pointer, code, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
		x.Exits(int(code))
		return 0, nil
	}
	sched.Body = "test"
	sched.IsLibrary = func(function string) bool { return standard[packageOf(function)] }
	install(handle, access, enterAtomic, leaveAtomic)
}

var (
	lastLog   string // the test's last log message
	hasFailed bool   // in this execution
)

func testLog(_ *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	lastLog = strings.TrimRight(strings.Clone(*(*string)(p)), "\n")
	return 0, nil
}

// owners are the goroutines of subtests, in this execution. That of the test itself is 0.
var owners = map[unsafe.Pointer]int32{}

func testBegin(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	if t := x.Thread(); t != 0 {
		owners[p] = t
	}
	return 0, nil
}

var useTest = said("looks whether it has ended", whole("T", sched.Load))

// testUse is a use of a test. It is no step in the test's own goroutine, which
// ends the test.
func testUse(x *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	if owners[p] == x.Thread() {
		return 0, nil
	}
	return useTest(x, p, 0, 0, nil)
}

func testFail(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	failOutside(x)
	switch {
	case lastLog != "":
		x.Error(lastLog)
	case !hasFailed:
		x.Error("the test has failed")
	}
	lastLog, hasFailed = "", true
	return 0, nil
}

var endTest = said("ends", whole("T", sched.Store))

// testEnd is the end of a test. It is no step if no other goroutine has used the test or
// can do so later.
func testEnd(x *sched.Explorer, p unsafe.Pointer, a, b uintptr, q unsafe.Pointer) (uintptr, unsafe.Pointer) {
	failOutside(x)
	if x.Alone() && !headers.has(p, "T") {
		return 0, nil
	}
	return endTest(x, p, a, b, q)
}

// An Outcome is the result of the exploration of a test.
type Outcome struct {
	Failed     bool
	Unexplored bool // it cannot be explored: neither a pass nor a failure
	Text       string
}
