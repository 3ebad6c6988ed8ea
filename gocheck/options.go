package gocheck

import (
	"fmt"
	"time"
)

// Options of an exploration. The zero value explores everything, and is right for
// most tests. If a bound ends an exploration early, its result is incomplete,
// which is never a pass.
type Options struct {
	// MaxSteps is how many steps one execution may have. 0: 10,000. A longer execution
	// most likely has a loop that waits without calling Spin.
	MaxSteps int

	// MaxExecutions is how many executions are explored, including blocked
	// ones; 0: no bound.
	MaxExecutions int64

	// Timeout is how long to explore; 0: no bound.
	Timeout time.Duration

	// Preemptions is how many times, in one execution, a goroutine that could go on
	// may be interrupted. 0: no bound; negative: never. Most bugs need two or fewer.
	// With a bound, the exploration is a sample and not all executions within the
	// bound: of several equivalent executions, the one that would be run may exceed
	// it.
	Preemptions int

	// RandomWalks, if not 0, runs so many executions with a random goroutine
	// for each step, instead of exploring all. It is for programs that are too
	// large.
	RandomWalks int64

	// Seed of the random walks.
	Seed uint64

	// Covers are names that some execution must reach by T.Cover. If one is not reached,
	// the verdict is "vacuous", which is no pass: the body holds in vain.
	Covers []string

	// Progress, if not nil, is called from time to time.
	Progress func(Result)
}

const defaultSteps = 10_000

func (o *Options) validate() error {
	switch {
	case o.MaxSteps < 0:
		return fmt.Errorf("gocheck: Options.MaxSteps is %d: use 0 for the default", o.MaxSteps)
	case o.MaxExecutions < 0:
		return fmt.Errorf("gocheck: Options.MaxExecutions is %d: use 0 for no bound", o.MaxExecutions)
	case o.Timeout < 0:
		return fmt.Errorf("gocheck: Options.Timeout is %v: use 0 for no bound", o.Timeout)
	case o.RandomWalks < 0:
		return fmt.Errorf("gocheck: Options.RandomWalks is %d: use 0 to explore all", o.RandomWalks)
	}
	return nil
}

// Result is the result of an exploration.
type Result struct {
	// Executions ran to their end, and no two of them are equivalent. Blocked
	// ones were given up, because each of their completions is equivalent to
	// another execution. With RandomWalks, executions may be equivalent.
	Executions, Blocked int64

	Steps   int64 // of all executions
	Elapsed time.Duration

	// Complete: everything was explored, nothing failed, and each of Options.Covers was
	// reached. Otherwise there is a Failure or a Reason.
	Complete bool
	Reason   string
	Failure  *Failure

	NotReached []string // of Options.Covers, if everything was explored and nothing failed
}

// Verdict is "holds", "fails", "incomplete" or "vacuous".
func (r Result) Verdict() string {
	switch {
	case r.Failure != nil:
		return "fails"
	case r.Complete:
		return "holds"
	case len(r.NotReached) > 0:
		return "vacuous"
	}
	return "incomplete"
}

func (r Result) String() string {
	s := fmt.Sprintf("%s: %d executions, %d blocked, %d steps, %v", r.Verdict(), r.Executions, r.Blocked, r.Steps, r.Elapsed.Round(time.Millisecond))
	if r.Reason != "" {
		s += " (" + r.Reason + ")"
	}
	return s
}
