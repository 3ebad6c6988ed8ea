package gocheck

import (
	"context"
	"fmt"
	"strings"
	"time"

	"crosscall/gocheck/internal/sched"
)

// Explore runs one execution of body for each class of equivalent ones, until
// one fails or the options or ctx end it. One exploration runs at a time in a
// process: others wait.
//
// The error is one in the options.
func Explore(ctx context.Context, o Options, body func(t *T)) (Result, error) {
	if err := o.validate(); err != nil {
		return Result{}, err
	}
	return run(ctx, o, nil, body), nil
}

func run(ctx context.Context, o Options, s *sched.Schedule, body func(t *T)) Result {
	start := time.Now()
	cfg := o.config(ctx, start)
	cfg.Schedule = s
	var c *covers
	if s == nil {
		c = newCovers(o.Covers)
	}
	stats, found, reason := sched.Explore(cfg, func() {
		if x := sched.Active(); x != nil {
			body(&T{x, c})
		}
	})
	r := result(stats, start)
	switch {
	case found != nil && (found.Failed || s != nil):
		r.Failure = newFailure(found)
		r.Reason = ""
	case reason != "":
		r.Reason = o.reason(reason)
	case o.RandomWalks > 0:
	case len(c.missed()) > 0:
		r.NotReached = c.missed()
		r.Reason = missedText(r.NotReached)
	default:
		r.Complete = true
	}
	return r
}

func result(s sched.Stats, start time.Time) Result {
	return Result{Executions: s.Executions, Blocked: s.Blocked, Steps: s.Steps, Elapsed: time.Since(start)}
}

func (o *Options) config(ctx context.Context, start time.Time) sched.Config {
	c := sched.Config{
		MaxSteps:      o.MaxSteps,
		MaxExecutions: o.MaxExecutions,
		Preemptions:   o.Preemptions,
		Random:        o.RandomWalks > 0,
		Seed:          o.Seed,
		Shrink:        true,
		Stop:          func() bool { return ctx.Err() != nil },
	}
	if o.MaxSteps == 0 {
		c.MaxSteps = defaultSteps
	}
	switch {
	case o.Preemptions == 0:
		c.Preemptions = -1
	case o.Preemptions < 0:
		c.Preemptions = 0
	}
	if c.Random {
		c.MaxExecutions = o.RandomWalks
		if o.MaxExecutions > 0 {
			c.MaxExecutions = min(o.RandomWalks, o.MaxExecutions)
		}
	}
	if o.Timeout > 0 {
		c.Deadline = start.Add(o.Timeout)
	}
	if o.Progress != nil {
		c.Progress = func(s sched.Stats) { o.Progress(result(s, start)) }
	}
	return c
}

// reason describes the bound that was reached.
func (o *Options) reason(bound string) string {
	if who, ok := strings.CutPrefix(bound, "steps, "); ok {
		n := o.MaxSteps
		if n == 0 {
			n = defaultSteps
		}
		return fmt.Sprintf("an execution has more than %d steps, %s: does a loop wait without gocheck.Spin?", n, who)
	}
	switch bound {
	case "executions":
		if o.RandomWalks > 0 {
			return "random walks are a sample"
		}
		return fmt.Sprintf("more than %d executions", o.MaxExecutions)
	case "timeout":
		return fmt.Sprintf("not done after %v", o.Timeout)
	case "preemptions":
		return fmt.Sprintf("explored with up to %d preemptions", max(0, o.Preemptions))
	}
	return bound
}
