// Package gotest is the command crosscall gotest: it builds the tests of packages
// with the overlay, runs them, and prints output in the form of go test.
package gotest

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"time"

	"crosscall/gocheck/internal/sched"
)

// Options are the command's flags.
type Options struct {
	Dir string // where packages are looked up; empty: the current one

	// As in go test.
	Run, Skip string
	Short     bool
	Verbose   bool
	JSON      bool
	FailFast  bool
	Count     int
	Timeout   time.Duration
	Tags      string
	Mod       string
	Args      []string // for the test binary

	// Bounds of the exploration of each test.
	Steps       int
	Executions  int64
	Time        time.Duration
	Preemptions int // negative: none
	Walks       int64
	Seed        uint64

	// Timers says when timers fire and sleeps end: by the Clock, at Any time, or Both,
	// one after the other. Empty: by the clock.
	Timers string

	// TimedLeaks makes a test fail if a goroutine of it goes on forever by timers or
	// sleeps.
	TimedLeaks bool

	// NoLeaks: goroutines that are left behind are no failure.
	NoLeaks bool

	NoRaces bool // races are no failures, so that other failures can be found

	Replay          string
	AllowIncomplete bool

	// Output of failures.
	Full      bool
	HTML, SVG string // files; empty: none

	shareAfter time.Duration // when a test is shared with another process; 0: after a second

	binaries string // folder in which test binaries are kept and reused; empty: they are not kept

	// Progress is the terminal for the progress line; nil: none.
	Progress io.Writer
}

// The values of Timers.
const (
	Clock = "clock"
	Any   = "any"
	Both  = "both"
)

// Validate returns an error if flags are wrong.
func (o *Options) Validate() error {
	switch {
	case o.Steps < 0:
		return fmt.Errorf("-steps is %d: it must not be negative", o.Steps)
	case o.Executions < 0:
		return fmt.Errorf("-executions is %d: use 0 for no bound", o.Executions)
	case o.Time < 0:
		return fmt.Errorf("-time is %v: use 0 for no bound", o.Time)
	case o.Walks < 0:
		return fmt.Errorf("-walks is %d: use 0 to explore all", o.Walks)
	case o.Timeout < 0:
		return fmt.Errorf("-timeout is %v: use 0 for none", o.Timeout)
	case o.Count < 0:
		return fmt.Errorf("-count is %d: it must not be negative", o.Count)
	case o.Walks > 0 && o.Preemptions >= 0:
		return errors.New("-walks and -preemptions exclude each other")
	}
	if o.Timers != "" && o.Timers != Clock && o.Timers != Any && o.Timers != Both {
		return fmt.Errorf("-timers is %q: it must be %s, %s or %s", o.Timers, Clock, Any, Both)
	}
	if o.NoLeaks && o.TimedLeaks {
		return errors.New("-no-leaks and -timed-leaks exclude each other")
	}
	if o.Replay == "" {
		return nil
	}
	if o.Run == "" {
		return errors.New("-replay needs -run with the test that the seed is of")
	}
	if _, err := sched.ParseSchedule(o.Replay); err != nil {
		return fmt.Errorf("-replay: %w", err)
	}
	return nil
}

// settings are the variables that the test binary reads from its environment.
func (o *Options) settings(p *pkg, dir, results string) []string {
	s := []string{"package=" + p.ImportPath, "spans=" + spansFile(dir), "results=" + results}
	add := func(name string, value any, set bool) {
		if set {
			s = append(s, fmt.Sprintf("%s=%v", name, value))
		}
	}
	add("steps", o.Steps, o.Steps > 0)
	add("executions", o.Executions, o.Executions > 0)
	add("preemptions", o.Preemptions, o.Preemptions >= 0)
	add("walks", o.Walks, o.Walks > 0)
	add("seed", o.Seed, true)
	add("epoch", noon(time.Now()).Unix(), true)
	add("time", int64(o.Time), o.Time > 0)
	add("timers", o.Timers, o.Timers != "")
	add("noraces", 1, o.NoRaces)
	add("noleaks", 1, o.NoLeaks)
	add("timedleaks", 1, o.TimedLeaks)
	add("replay", o.Replay, o.Replay != "")
	add("testmain", 1, hasTestMain(p))
	add("incomplete", 1, o.AllowIncomplete)
	add("full", 1, o.Full)
	_, sub, isSub := strings.Cut(o.Run, "/")
	add("subtests", sub, isSub)
	add("flags", o.replayFlags(), true)
	add("args", quoteAll(o.Args), len(o.Args) > 0)
	return s
}

// noon is when the clocks of tests begin: programs may expect a present date, and executions
// that are alike on the same day.
func noon(now time.Time) time.Time { return now.UTC().Truncate(24 * time.Hour).Add(12 * time.Hour) }

// hardTimeout is the time after which the test binary ends by itself, if its tests
// have not ended in time: code that is not explored may hang.
func (o *Options) hardTimeout() time.Duration {
	if o.Timeout == 0 {
		return 0
	}
	return o.Timeout + o.Timeout/10 + 10*time.Second
}

const separator = "\x1f" // of settings

// replayFlags are the flags on which an execution depends, and which a replay
// needs too, quoted for a shell.
func (o *Options) replayFlags() string {
	var f []string
	add := func(flag string, set bool) {
		if set {
			f = append(f, flag)
		}
	}
	add("-short", o.Short)
	add("-skip="+o.Skip, o.Skip != "")
	add("-tags="+o.Tags, o.Tags != "")
	add("-mod="+o.Mod, o.Mod != "")
	add("-no-races", o.NoRaces)
	add("-no-leaks", o.NoLeaks)
	add("-timed-leaks", o.TimedLeaks)
	add("-timers="+o.Timers, o.Timers == Any)
	add(fmt.Sprintf("-steps=%d", o.Steps), o.Steps > 0 && o.Steps != DefaultSteps)
	return quoteAll(f)
}

// DefaultSteps is how many steps an execution may have by default.
const DefaultSteps = 20_000

// quoteAll is a list of arguments for a shell.
func quoteAll(args []string) string {
	var out []string
	for _, a := range args {
		if !plainArgument().MatchString(a) {
			a = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
		out = append(out, a)
	}
	return strings.Join(out, " ")
}

var plainArgument = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w@%+=:,./-]+$`) })

// testFlags are those of the test binary.
func (o *Options) testFlags() []string {
	f := []string{"-test.paniconexit0", "-test.timeout=" + o.hardTimeout().String()}
	add := func(flag string, set bool) {
		if set {
			f = append(f, flag)
		}
	}
	add("-test.run="+o.Run, o.Run != "")
	add("-test.skip="+o.Skip, o.Skip != "")
	add("-test.short", o.Short)
	add(fmt.Sprintf("-test.count=%d", o.Count), o.Count > 1)
	add("-test.failfast", o.FailFast)
	switch {
	case o.JSON:
		f = append(f, "-test.v=test2json")
	case o.Verbose:
		f = append(f, "-test.v")
	}
	return append(f, o.Args...)
}
