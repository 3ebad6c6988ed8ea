// Package gotest is the command crosscall gotest: it builds the tests of packages
// with the overlay, runs them, and prints what go test would.
package gotest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"crosscall/gocheck/internal/sched"
)

// Options are the command's flags.
type Options struct {
	Dir string // where packages are looked up; empty: the current one

	// As go test has them.
	Run, Skip string
	Short     bool
	Verbose   bool
	JSON      bool
	FailFast  bool
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

	TimersAnyTime bool

	Replay          string
	AllowIncomplete bool
}

// Validate says what is wrong with the flags.
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
	case o.Walks > 0 && o.Preemptions >= 0:
		return errors.New("-walks and -preemptions exclude each other")
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

// settings is what the test binary reads from its environment.
func (o *Options) settings(p *pkg, spans string) string {
	s := []string{"package=" + p.ImportPath, "spans=" + spans}
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
	add("time", int64(o.Time), o.Time > 0)
	add("timeout", int64(o.Timeout), o.Timeout > 0)
	add("anytime", 1, o.TimersAnyTime)
	add("replay", o.Replay, o.Replay != "")
	add("testmain", 1, hasTestMain(p))
	add("incomplete", 1, o.AllowIncomplete)
	return strings.Join(s, " ")
}

// hardTimeout is when the test binary ends by itself, if it has not ended its tests
// in time: what is not explored may hang.
func (o *Options) hardTimeout() time.Duration {
	if o.Timeout == 0 {
		return 0
	}
	return o.Timeout + o.Timeout/10 + 10*time.Second
}

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
	add("-test.failfast", o.FailFast)
	switch {
	case o.JSON:
		f = append(f, "-test.v=test2json")
	case o.Verbose:
		f = append(f, "-test.v")
	}
	return append(f, o.Args...)
}
