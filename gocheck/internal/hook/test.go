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
	time       time.Duration
	timeout    time.Duration // of the whole package
	incomplete bool
	replay     *sched.Schedule
	pkg        string
	spans      string // the file with the memory of package variables
	testMain   bool
	show       report.Options
	results    string // the file for what tests come to
	subtests   string // the part of -run that is for subtests
	flags      string // of the command, that a replay needs
	args       string // those of the test itself
}

var set = readSettings(os.Getenv(Variable))

func readSettings(text string) (s settings) {
	s.on = text != ""
	s.config.Preemptions = -1
	s.config.MaxSteps = 20_000
	s.config.Shrink = true
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
		case "time":
			s.time = time.Duration(n)
		case "timeout":
			s.timeout = time.Duration(n)
		case "incomplete":
			s.incomplete = true
		case "spans":
			s.spans = value
		case "anytime":
			s.config.TimersAnyTime = true
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
		case "flags":
			s.flags = value
		case "args":
			s.args = value
		case "replay":
			s.replay, _ = sched.ParseSchedule(value)
		}
	}
	return s
}

// Enabled says whether tests are to be explored.
func Enabled() bool { return set.on }

func init() {
	operations[crosscallTestLog] = testLog
	operations[crosscallTestFail] = testFail
	sched.Body = "test"
	operations[crosscallTestUse] = said("looks whether it has ended", whole("T", sched.Load))
	operations[crosscallTestEnd] = said("ends", whole("T", sched.Store))
	sched.IsLibrary = func(function string) bool { return standard[packageOf(function)] }
	install(handle)
}

var (
	lastLog   string // what the test has logged last
	hasFailed bool   // in this execution
)

func testLog(_ *sched.Explorer, p unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	lastLog = strings.TrimRight(strings.Clone(*(*string)(p)), "\n")
	return 0, nil
}

func testFail(x *sched.Explorer, _ unsafe.Pointer, _, _ uintptr, _ unsafe.Pointer) (uintptr, unsafe.Pointer) {
	switch {
	case lastLog != "":
		x.Error(lastLog)
	case !hasFailed:
		x.Error("the test has failed")
	}
	lastLog, hasFailed = "", true
	return 0, nil
}

// An Outcome is what the exploration of a test has found.
type Outcome struct {
	Failed bool
	Text   string
}

var classified bool

// Explore runs body in every way that differs.
func Explore(name string, body func()) Outcome {
	if !classified {
		classify()
		prepareState()
		heedInterrupts()
		classified = true
	}
	start := time.Now()
	cfg := set.config
	cfg.Deadline, cfg.Stop = deadline(start), interrupted.Load
	execution := func() {
		beginExecution()
		own(true)
		defer own(false)
		initialize()
		body()
	}
	defer watch(name)()
	if found := warmUp(cfg, execution); found != nil {
		return outcome(name, sched.Stats{}, found, "", time.Since(start))
	}
	cfg.Schedule = set.replay
	stats, found, reason := sched.Explore(cfg, execution)
	if found != nil && found.Unsure {
		stats, found, reason = sched.Explore(cfg, execution) // it has made something that is made once
	}
	if found == nil && strings.HasPrefix(reason, "steps") && !cfg.Random {
		found = sample(cfg, execution)
	}
	return outcome(name, stats, found, reason, time.Since(start))
}

// warmUp runs an execution in which goroutines follow one another, the test's own
// first: what is made once in a process is made now, of a test's end as well. Found
// is not nil if the test cannot be explored.
func warmUp(cfg sched.Config, execution func()) (found *sched.Found) {
	cfg.Random, cfg.MaxExecutions = false, 1
	cfg.Schedule, cfg.Unrecorded = &sched.Schedule{}, true
	_, found, _ = sched.Explore(cfg, execution)
	if found != nil && found.Failed && found.Kind == sched.Unexplored {
		return found
	}
	return nil
}

const samples = 100

// sample runs random executions, where an endless one has ended the exploration:
// one of them may fail.
func sample(cfg sched.Config, execution func()) *sched.Found {
	cfg.Random, cfg.MaxExecutions = true, samples
	_, found, _ := sched.Explore(cfg, execution)
	return found
}
